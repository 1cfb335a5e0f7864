package io.kordon.streams.incident;

/**
 * What an analyst decided of an incident.
 *
 * @param id of the decision; the same id twice is one decision
 * @param by who decided
 * @param reason why, may be empty
 * @param at epoch microseconds
 */
public record Verdict(String id, Action action, String by, String reason, long at) {
    /** What can be decided. */
    public enum Action {
        /** It is over; the next match opens a new incident. */
        CLOSE,
        /** It was none; matches go on being counted here until it is quiet, and open nothing. */
        DISMISS,
        /** It goes on after all. */
        REOPEN,
        /** What waits may run. */
        APPROVE,
        /** What waits must not run. */
        REJECT,
        /** What was done to the pod is to be undone. */
        RELEASE,
        /** An examination has found something. */
        ATTACH
    }

    public Verdict {
        id = Cut.to(Cut.DETAIL, id);
        by = Cut.to(Cut.DETAIL, by);
        reason = Cut.to(Cut.DETAIL, reason);
    }
}
