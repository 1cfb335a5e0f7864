package io.kordon.streams.incident;

/** How far a step, or a whole run, has come. */
public enum StepStatus {
    PENDING(0),
    SKIPPED(1),
    REFUSED(2),
    FAILED(2),
    DRY_RUN(3),
    DONE(4);

    private final int rank;

    StepStatus(int rank) {
        this.rank = rank;
    }

    /**
     * Whether news of {@code next} replaces this. What was once done stays done: a replayed command is refused as
     * expired, and that refusal says nothing about the pod.
     */
    boolean yieldsTo(StepStatus next) {
        return next.rank >= rank;
    }
}
