package io.kordon.kubernetes.capture;

/** Nothing could be captured. The message is for an operator. */
public final class CaptureFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * Says why.
     *
     * @param code HTTP status of the API server's answer, 0 where there was none
     */
    public CaptureFailure(int code, String message) {
        super(message);
        this.code = code;
    }

    public int code() {
        return code;
    }
}
