package io.kordon.streams.incident;

/** How far a step, or a whole run, has come. */
public enum StepStatus {
    PENDING(0),
    /** Nothing was touched: an analyst has to approve. */
    WAITING(1),
    SKIPPED(2),
    REFUSED(3),
    DRY_RUN(4),
    FAILED(5),
    DONE(6);

    private final int rank;

    StepStatus(int rank) {
        this.rank = rank;
    }

    /**
     * Whether news of {@code next} replaces this. What was once done stays done, and what was tried and failed may have
     * touched the pod: a replayed command is refused as expired, and that refusal says nothing about the pod.
     */
    boolean yieldsTo(StepStatus next) {
        return next.rank >= rank;
    }
}
