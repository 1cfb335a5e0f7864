package io.kordon.app.incidents;

import io.kordon.avro.CommandState;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** Takes back what was done about an incident, and waits until the API server has been read back. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Undo the containment of an incident: labels, policies, scheduling and scale become what they were.",
            "Waits until the incident shows what came of it; ends with 0 only if all was undone. Asking twice does no harm."
        })
final class ReleaseCommand extends DecideCommand {
    /** The playbook that commands of a release bear. */
    static final String PLAYBOOK = "release";

    /** Steps that no release undoes: what was kept stays kept, and who is gone stays gone. */
    private static final Set<String> LASTING = Set.of("capture", "terminate");

    private static final Set<StepStatus> ENDED =
            EnumSet.of(StepStatus.DONE, StepStatus.DRY_RUN, StepStatus.REFUSED, StepStatus.FAILED, StepStatus.SKIPPED);

    ReleaseCommand() {
        super(DecisionAction.RELEASE);
    }

    @Override
    Question question(Incident incident) {
        if (incident.getStatus() == IncidentStatus.RELEASED || released(incident.getCommands())) {
            return Question.whole(incident, true);
        }
        List<CommandState> contained =
                incident.getCommands().stream().filter(ReleaseCommand::acted).toList();
        if (contained.isEmpty()) {
            return Question.impossible(incident, "nothing was done about " + incident.getId());
        }
        // One that somebody else asked for and that still runs undoes the same: no other is issued beside it.
        Set<String> before = incident.getCommands().stream()
                .filter(state -> ENDED.contains(state.getStatus()))
                .map(CommandState::getId)
                .collect(Collectors.toSet());
        List<String> preview = new ArrayList<>();
        preview.add(incident.getId() + "  " + incident.getEntity().getKey() + "  " + incident.getTitle());
        contained.forEach(state -> {
            preview.add("  undoes " + state.getId() + ", playbook " + state.getPlaybook() + ": " + state.getStatus());
            state.getSteps().stream()
                    .filter(step -> step.getStatus() == StepStatus.DONE && !LASTING.contains(step.getAction()))
                    .forEach(step -> preview.add("    " + IncidentReport.step(step)));
        });
        Question.Part part = new Question.Part(null, revision -> settled(revision, before));
        return new Question(incident, Optional.empty(), preview, List.of(part));
    }

    @Override
    String settled(Incident incident) {
        return incident.getId() + " is released already"
                + (incident.getStatus() == IncidentStatus.RELEASED ? "" : " (" + incident.getStatus() + ")");
    }

    /** As the engine sees it: whether a release is done, and nothing came after it. A closed incident's status tells not. */
    private static boolean released(List<CommandState> commands) {
        boolean released = false;
        for (CommandState state : commands) {
            if (state.getPlaybook().equals(PLAYBOOK)) {
                released = state.getStatus() == StepStatus.DONE;
            } else if (acted(state)) {
                released = false;
            }
        }
        return released;
    }

    /** What may have left something behind: also what failed half-way, and what has not been answered yet. */
    private static boolean acted(CommandState state) {
        return !state.getPlaybook().equals(PLAYBOOK)
                && (state.getStatus() == StepStatus.DONE
                        || state.getStatus() == StepStatus.FAILED
                        || state.getStatus() == StepStatus.PENDING
                        || state.getSteps().stream()
                                .anyMatch(step -> step.getChanged() || step.getStatus() == StepStatus.DONE));
    }

    private static boolean settled(Incident revision, Set<String> before) {
        return revision.getStatus() == IncidentStatus.RELEASED
                || revision.getCommands().stream()
                        .filter(state -> state.getPlaybook().equals(PLAYBOOK))
                        .filter(state -> !before.contains(state.getId()))
                        .anyMatch(state -> ENDED.contains(state.getStatus()));
    }

    @Override
    boolean succeeded(Decision decision, Incident shown) {
        return shown.getStatus() == IncidentStatus.RELEASED
                || last(shown)
                        .map(state -> state.getStatus() == StepStatus.DONE)
                        .orElse(false);
    }

    @Override
    List<String> outcome(Decision decision, Incident shown) {
        List<String> lines = new ArrayList<>();
        last(shown).ifPresent(state -> {
            lines.add("  release: " + state.getStatus() + IncidentReport.detail(state.getDetail()));
            state.getSteps()
                    .forEach(step -> lines.add("    " + IncidentReport.step(step) + " " + step.getStatus()
                            + IncidentReport.detail(step.getDetail())));
        });
        return lines;
    }

    private static Optional<CommandState> last(Incident incident) {
        return incident.getCommands().stream()
                .filter(state -> state.getPlaybook().equals(PLAYBOOK))
                .reduce((one, next) -> next);
    }
}
