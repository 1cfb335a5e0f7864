package io.kordon.streams.topology;

import io.kordon.avro.Decision;
import io.kordon.avro.Result;
import io.kordon.avro.Source;
import io.kordon.avro.Step;
import io.kordon.streams.correlation.Input;
import io.kordon.streams.incident.StepStatus;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.response.Command;
import java.util.Optional;

/** Commands to their record, and results from theirs. */
final class CommandRecords {
    private CommandRecords() {}

    static io.kordon.avro.Command record(Command command) {
        return io.kordon.avro.Command.newBuilder()
                .setId(command.id())
                .setIncidentId(command.incidentId())
                .setKey(command.key())
                .setPlaybook(command.playbook())
                .setMode(io.kordon.avro.Mode.valueOf(command.mode().name()))
                .setEntity(SubjectRecords.entity(command.subject()))
                .setSteps(command.steps().stream()
                        .map(step -> new Step(
                                step.action(),
                                step.parameters(),
                                step.timeout().toMillis(),
                                CommandStates.onFailure(step.onFailure())))
                        .toList())
                .setReason(command.reason())
                .setSeverity(SignalRecords.level(command.severity()))
                .setScore(command.score())
                .setFirstEvidenceAt(Micros.instant(command.firstEvidenceAt()))
                .setIssuedAt(Micros.instant(command.issuedAt()))
                .setExpiresAt(Micros.instant(command.expiresAt()))
                .setWorkload(SubjectRecords.owner(command.workload()))
                .setSources(command.sources().stream()
                        .sorted()
                        .map(source -> Source.valueOf(source.name()))
                        .toList())
                .setApproval(CommandStates.approval(command.approval()))
                .build();
    }

    /**
     * A decision as an input; empty for one of a newer release that this one does not know.
     *
     * @param now epoch milliseconds: nobody decides in the future
     */
    static Optional<Input.Decided> decided(Decision decision, long now) {
        Verdict.Action action = switch (decision.getAction()) {
            case CLOSE -> Verdict.Action.CLOSE;
            case DISMISS -> Verdict.Action.DISMISS;
            case REOPEN -> Verdict.Action.REOPEN;
            case APPROVE -> Verdict.Action.APPROVE;
            case REJECT -> Verdict.Action.REJECT;
            case RELEASE -> Verdict.Action.RELEASE;
            case ATTACH -> Verdict.Action.ATTACH;
            case UNKNOWN -> null;
        };
        long at = Math.min(Micros.of(decision.getAt()), now * 1_000);
        return action == null
                ? Optional.empty()
                : Optional.of(new Input.Decided(
                        decision.getIncidentId(),
                        new Verdict(decision.getId(), action, decision.getBy(), decision.getReason(), at),
                        decision.getCommandId(),
                        DossierRecords.attached(decision.getBundle(), decision.getFindings())));
    }

    /**
     * A result as an input; empty for a status that says nothing, or of a newer release that this one does not know.
     *
     * @param now epoch milliseconds: nothing was done in the future, and time limits count from then
     */
    static Optional<Input> reported(Result result, long now) {
        if (result.getStatus() == io.kordon.avro.StepStatus.UNKNOWN
                || result.getStatus() == io.kordon.avro.StepStatus.PENDING) {
            return Optional.empty();
        }
        return Optional.of(new Input.Reported(
                result.getIncidentId(),
                result.getCommandId(),
                result.getStep(),
                StepStatus.valueOf(result.getStatus().name()),
                result.getDetail(),
                result.getChanged(),
                Math.min(Micros.of(result.getFinishedAt()), now * 1_000),
                DossierRecords.bundle(result.getBundle())));
    }
}
