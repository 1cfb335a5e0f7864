package io.kordon.streams.incident;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of an incident and what came of it.
 *
 * @param mode of its playbook
 * @param status of the whole run
 * @param detail what the actuator said of the run, or why it waits
 * @param steps in order
 * @param issuedAt when it was last issued, epoch microseconds; null of one that never was, or was rejected. One that a
 *     budget or a live check held keeps it: evidence of another source changes nothing there
 * @param releaseAfterMillis how long what it does may hold; 0 for until somebody releases it
 * @param releaseAt when that is over, epoch microseconds; null before its run has ended, and after a release
 * @param approval who let it run; null where nobody has
 */
public record CommandState(
        String id,
        String playbook,
        Mode mode,
        StepStatus status,
        String detail,
        List<StepState> steps,
        @Nullable Long issuedAt,
        long releaseAfterMillis,
        @Nullable Long releaseAt,
        @Nullable Approval approval) {

    /** Index that reports on the whole run bear instead of a step's. */
    public static final int WHOLE_RUN = -1;

    /** Playbook and action of the command that undoes what the others did. */
    public static final String RELEASE = "release";

    public CommandState {
        detail = Cut.to(Cut.DETAIL, detail);
        steps = List.copyOf(steps);
    }

    /** Issued at {@code at}, epoch microseconds. */
    public static CommandState issued(
            String id,
            String playbook,
            Mode mode,
            List<StepState> steps,
            long releaseAfterMillis,
            String why,
            long at) {
        return new CommandState(id, playbook, mode, StepStatus.PENDING, why, steps, at, releaseAfterMillis, null, null);
    }

    /** Held back before it was ever issued. */
    public static CommandState waiting(
            String id, String playbook, Mode mode, List<StepState> steps, long releaseAfterMillis, String why) {
        return new CommandState(
                id, playbook, mode, StepStatus.WAITING, why, steps, null, releaseAfterMillis, null, null);
    }

    public boolean isWaiting() {
        return status == StepStatus.WAITING;
    }

    /** Whether evidence of another source can still issue it. */
    public boolean isHeldForSources() {
        return isWaiting() && issuedAt == null && mode != Mode.APPROVAL;
    }

    public boolean isRelease() {
        return playbook.equals(RELEASE);
    }

    boolean pending() {
        return status == StepStatus.PENDING;
    }

    boolean isRejected() {
        return status == StepStatus.REFUSED && issuedAt == null;
    }

    /** Whether it was meant to change the cluster: neither a dry run, nor a release, nor what an analyst turned down. */
    boolean real() {
        return mode != Mode.DRY_RUN && status != StepStatus.DRY_RUN && !isRelease() && !isRejected();
    }

    /** Whether the actuator was ever asked to change the cluster. Of an earlier release's commands no time of issue is known. */
    boolean asked() {
        return real() && (issuedAt != null || !isWaiting());
    }

    boolean contains() {
        return steps.stream().anyMatch(StepState::contains);
    }

    /** Whether something in the cluster may be as it made it, so that a release has something to undo. */
    boolean holds() {
        if (!real() || isWaiting()) {
            return false;
        }
        boolean whole = status == StepStatus.PENDING || status == StepStatus.DONE || status == StepStatus.FAILED;
        return steps.stream().filter(StepState::holds).anyMatch(step -> switch (step.status()) {
            case DONE, FAILED -> true;
            case PENDING -> whole;
            case WAITING, SKIPPED, REFUSED, DRY_RUN -> false;
        });
    }

    /** This command, still waiting, for this reason. */
    public CommandState waitingFor(String why) {
        return with(status, why, steps, releaseAt);
    }

    CommandState issue(@Nullable Approval by, long at) {
        return new CommandState(id, playbook, mode, StepStatus.PENDING, "", steps, at, releaseAfterMillis, null, by);
    }

    CommandState rejected(Verdict verdict) {
        String why = verdict.reason().isEmpty() ? "" : ": " + verdict.reason();
        return new CommandState(
                id,
                playbook,
                mode,
                StepStatus.REFUSED,
                "rejected by " + verdict.by() + why,
                steps,
                null,
                releaseAfterMillis,
                null,
                null);
    }

    CommandState released() {
        return releaseAt == null ? this : with(status, detail, steps, null);
    }

    /**
     * What came of a step, or of the run; a step that the command does not have changes nothing. Nor does a wait, once
     * somebody has approved: it is the echo of an earlier issue; and a release waits for nobody. Of one that was never issued, or was rejected, only what is
     * done is believed: in a replay it comes before the approval that let it run.
     */
    CommandState reported(int step, StepStatus next, String why, boolean changed, long at) {
        boolean unasked = issuedAt == null && (isWaiting() || isRejected());
        if (unasked && next != StepStatus.DONE) {
            return this;
        }
        if (step == WHOLE_RUN) {
            boolean echo = next == StepStatus.WAITING && (approval != null || !pending() || isRelease());
            return echo || !status.yieldsTo(next)
                    ? this
                    : with(next, why, steps, releaseAt).ended(at);
        }
        if (step < 0 || step >= steps.size()) {
            return this;
        }
        List<StepState> all = new ArrayList<>(steps);
        all.set(step, steps.get(step).reported(next, why, changed, at));
        return with(status, detail, all, releaseAt);
    }

    /**
     * The time that it may hold begins when its run has ended, and not again when that is told twice. It did not end before it
     * was issued: an actuator whose clock is slow must not give back at once what it has just contained.
     */
    private CommandState ended(long told) {
        long at = issuedAt == null ? told : Math.max(told, issuedAt);
        boolean begins = releaseAt == null && releaseAfterMillis > 0 && !pending() && holds();
        return begins ? with(status, detail, steps, at + releaseAfterMillis * 1_000) : this;
    }

    private CommandState with(StepStatus next, String why, List<StepState> all, @Nullable Long release) {
        return new CommandState(id, playbook, mode, next, why, all, issuedAt, releaseAfterMillis, release, approval);
    }
}
