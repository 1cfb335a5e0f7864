package io.kordon.kubernetes;

/** A step cannot be done, and trying again would not help. The message is for an operator. */
final class StepFailure extends Exception {
    private static final long serialVersionUID = 1L;

    StepFailure(String message) {
        super(message);
    }
}
