package io.kordon.app.incidents;

import io.kordon.avro.CommandState;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Lets commands that wait run, or says that they must not. One decision for each command that was shown to whoever decides:
 * a command that comes to wait in the meantime is not among them.
 */
abstract class ApproveCommand extends DecideCommand {
    private final String verb;

    @Option(
            names = "--command",
            paramLabel = "ID",
            description = "Only this command, by its id or enough of the beginning. Default: all that wait.")
    private @Nullable String command;

    ApproveCommand(DecisionAction action, String verb) {
        super(action);
        this.verb = verb;
    }

    /** Whether a command that no longer waits is what the decision would have made of it. */
    abstract boolean decided(CommandState state);

    @Override
    protected void check() {
        super.check();
        if (command != null && (command.isBlank() || named() > 1)) {
            throw wrong("--command names a command of one incident");
        }
    }

    @Override
    Question question(Incident incident) {
        if (incident.getStatus() == IncidentStatus.DISMISSED) {
            return Question.impossible(
                    incident, incident.getId() + " is DISMISSED: it was no incident, and nothing of it runs any more");
        }
        List<CommandState> meant = meant(incident);
        List<CommandState> waiting =
                meant.stream().filter(ApproveCommand::waits).toList();
        if (waiting.isEmpty()) {
            return !meant.isEmpty() && meant.stream().anyMatch(this::decided)
                    ? new Question(incident, Optional.empty(), List.of(), List.of())
                    : Question.impossible(incident, nothing(incident, meant));
        }
        List<String> preview = new ArrayList<>();
        preview.add(incident.getId() + "  " + incident.getEntity().getKey() + "  " + incident.getTitle());
        waiting.forEach(state -> preview.addAll(shown(state)));
        return new Question(
                incident,
                Optional.empty(),
                preview,
                waiting.stream()
                        .map(state -> new Question.Part(state.getId(), revision -> true))
                        .toList());
    }

    @Override
    String settled(Incident incident) {
        return nothing(incident, meant(incident)).replace(" waits for an approval", " waits any more");
    }

    private List<CommandState> meant(Incident incident) {
        String start = command;
        if (start == null) {
            return incident.getCommands();
        }
        List<CommandState> found = incident.getCommands().stream()
                .filter(state -> state.getId().startsWith(start))
                .toList();
        List<CommandState> exact =
                found.stream().filter(state -> state.getId().equals(start)).toList();
        if (found.size() > 1 && exact.isEmpty()) {
            throw new IllegalArgumentException("more than one command's id of " + incident.getId() + " begins with '"
                    + start + "': " + found.stream().map(CommandState::getId).toList());
        }
        return exact.isEmpty() ? found : exact;
    }

    private String nothing(Incident incident, List<CommandState> meant) {
        if (command != null && meant.isEmpty()) {
            return incident.getId() + " has no command " + command;
        }
        return "no command of " + incident.getId() + " waits for an approval"
                + (meant.isEmpty()
                        ? ""
                        : " ("
                                + String.join(
                                        ", ",
                                        meant.stream()
                                                .map(state -> state.getPlaybook() + ": " + state.getStatus())
                                                .toList())
                                + ")");
    }

    private List<String> shown(CommandState state) {
        List<String> lines = new ArrayList<>();
        lines.add("  " + verb + " " + state.getId() + ", playbook " + state.getPlaybook()
                + (state.getDetail().isEmpty() ? "" : "; it waits because: " + state.getDetail()));
        state.getSteps().forEach(step -> lines.add("    " + IncidentReport.step(step)));
        return lines;
    }

    private static boolean waits(CommandState state) {
        return state.getStatus() == StepStatus.WAITING;
    }

    @Command(
            name = "approve",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Let the commands of an incident run that wait for an approval; says which, with their steps.",
                "What an approval overrides: the mode of the playbook, budgets, which sources may ask for which steps, the"
                        + " fewest healthy replicas. Never protected namespaces, control-plane nodes, Kordon itself."
            })
    static final class Approve extends ApproveCommand {
        Approve() {
            super(DecisionAction.APPROVE, "runs");
        }

        @Override
        boolean decided(CommandState state) {
            return state.getApproval() != null;
        }
    }

    @Command(
            name = "reject",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Say that the commands of an incident that wait for an approval must not run.")
    static final class Reject extends ApproveCommand {
        Reject() {
            super(DecisionAction.REJECT, "does not run");
        }

        @Override
        boolean decided(CommandState state) {
            return state.getStatus() == StepStatus.REFUSED;
        }
    }
}
