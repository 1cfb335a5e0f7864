package io.kordon.streams.incident;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of an incident come to. They stand in the order of issue, so what stands after a release that is done
 * was contained since; one that waited moves to the end when it is issued.
 */
record Containment(List<CommandState> commands) {
    /** Releases remembered; a script that asks for one a minute must not make the incident grow. */
    private static final int MAX_RELEASES = 20;

    /** Playbooks chosen for one incident: who publishes one name after the other must not make it grow. */
    private static final int MAX_CHOSEN = 30;

    Containment {
        commands = List.copyOf(commands);
    }

    /** How many more playbooks may be chosen. */
    int room() {
        return MAX_CHOSEN
                - (int) commands.stream()
                        .filter(command -> !command.isRelease())
                        .count();
    }

    boolean awaitsResults() {
        return commands.stream().anyMatch(CommandState::pending);
    }

    boolean waits() {
        return commands.stream().anyMatch(CommandState::isWaiting);
    }

    boolean releasing() {
        return commands.stream().anyMatch(command -> command.isRelease() && command.pending());
    }

    /** Whether a release has something to undo, as far as is known. */
    boolean holds() {
        return sinceRelease().stream().anyMatch(CommandState::holds);
    }

    /**
     * Whether a release is worth a command: something was really asked for since the last one that is done, and none is
     * under way. That its outcome is unknown or was a refusal is no reason: the actuator looks for itself.
     */
    boolean releasable() {
        return !releasing() && sinceRelease().stream().anyMatch(CommandState::asked);
    }

    boolean everIssued() {
        return commands.stream().anyMatch(CommandState::asked);
    }

    /** Whether the API server has said so for all that was to be done. */
    boolean contained() {
        List<CommandState> standing = standing();
        return standing.stream().anyMatch(CommandState::contains)
                && standing.stream().allMatch(command -> command.status() == StepStatus.DONE);
    }

    Status status() {
        List<CommandState> standing = standing();
        if (standing.stream().anyMatch(CommandState::pending)) {
            return Status.CONTAINING;
        }
        if (waits()) {
            return Status.AWAITING_APPROVAL;
        }
        if (standing.isEmpty()) {
            return lastRelease() >= 0 ? Status.RELEASED : Status.OPEN;
        }
        if (releaseFailed() || standing.stream().anyMatch(command -> command.status() != StepStatus.DONE)) {
            return Status.CONTAINMENT_FAILED;
        }
        return contained() ? Status.CONTAINED : Status.OPEN;
    }

    /**
     * The command whose time is the last to be over of all that hold; null while one has no limit or still runs, while a
     * release is under way, and where nothing holds. A release undoes all that the incident holds, so a limit of one
     * playbook must not end what another put there for good.
     */
    @Nullable
    CommandState lastToRelease() {
        CommandState last = null;
        for (CommandState command : sinceRelease()) {
            if (command.holds()) {
                Long at = command.releaseAt();
                if (at == null) {
                    return null;
                }
                Long before = last == null ? null : last.releaseAt();
                last = before == null || at > before ? command : last;
            }
        }
        return releasing() ? null : last;
    }

    Containment with(CommandState command) {
        List<CommandState> all = new ArrayList<>(commands);
        if (command.isRelease()
                && all.stream().filter(CommandState::isRelease).count() >= MAX_RELEASES
                && !removeFirst(all, known -> known.isRelease() && known.status() != StepStatus.DONE)) {
            removeFirst(all, CommandState::isRelease);
        }
        all.add(command);
        return new Containment(all);
    }

    private static boolean removeFirst(List<CommandState> all, Predicate<CommandState> which) {
        for (int i = 0; i < all.size(); i++) {
            if (which.test(all.get(i))) {
                all.remove(i);
                return true;
            }
        }
        return false;
    }

    /** The command, issued now, behind all that were issued before. */
    Containment issued(String commandId, @Nullable Approval by, long at) {
        List<CommandState> all = new ArrayList<>(commands);
        for (CommandState command : commands) {
            if (command.id().equals(commandId)) {
                all.remove(command);
                all.add(command.issue(by, at));
            }
        }
        return new Containment(all);
    }

    Containment replaced(Predicate<CommandState> which, UnaryOperator<CommandState> change) {
        return new Containment(commands.stream()
                .map(command -> which.test(command) ? change.apply(command) : command)
                .toList());
    }

    Containment reported(String commandId, int step, StepStatus status, String detail, boolean changed, long at) {
        Containment next = replaced(
                command -> command.id().equals(commandId),
                command -> command.reported(step, status, detail, changed, at));
        int released = next.lastRelease();
        List<CommandState> all = new ArrayList<>(next.commands);
        all.subList(0, released + 1).replaceAll(CommandState::released);
        return new Containment(all);
    }

    /** Real commands since the last release that is done, as far as they do not wait. */
    private List<CommandState> standing() {
        return sinceRelease().stream()
                .filter(command -> command.real() && !command.isWaiting())
                .toList();
    }

    private List<CommandState> sinceRelease() {
        return commands.subList(lastRelease() + 1, commands.size());
    }

    /** Index of the last release that is done; -1 if none is. */
    private int lastRelease() {
        for (int i = commands.size() - 1; i >= 0; i--) {
            if (commands.get(i).isRelease() && commands.get(i).status() == StepStatus.DONE) {
                return i;
            }
        }
        return -1;
    }

    /** Whether somebody wanted all of it undone, and it could not be. */
    private boolean releaseFailed() {
        for (int i = commands.size() - 1; i >= 0; i--) {
            CommandState command = commands.get(i);
            if (command.isRelease()) {
                return !command.pending() && command.status() != StepStatus.DONE;
            }
            if (command.real() && !command.isWaiting()) {
                return false;
            }
        }
        return false;
    }
}
