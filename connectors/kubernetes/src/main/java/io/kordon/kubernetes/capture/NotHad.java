package io.kordon.kubernetes.capture;

/** A piece of evidence could not be had. The message is for the manifest. */
final class NotHad extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    /** @param code HTTP status, 0 where there was no answer */
    NotHad(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
