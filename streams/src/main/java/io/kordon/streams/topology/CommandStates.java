package io.kordon.streams.topology;

import io.kordon.streams.incident.Approval;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.OnFailure;
import io.kordon.streams.incident.StepState;
import io.kordon.streams.incident.StepStatus;
import org.jspecify.annotations.Nullable;

/** Commands as they stand on incidents, between their record and the core's value. */
final class CommandStates {
    private CommandStates() {}

    static io.kordon.avro.CommandState record(CommandState command) {
        return io.kordon.avro.CommandState.newBuilder()
                .setId(command.id())
                .setPlaybook(command.playbook())
                .setMode(io.kordon.avro.Mode.valueOf(command.mode().name()))
                .setStatus(io.kordon.avro.StepStatus.valueOf(command.status().name()))
                .setDetail(command.detail())
                .setSteps(command.steps().stream().map(CommandStates::record).toList())
                .setIssuedAt(Micros.instantOrNull(command.issuedAt()))
                .setReleaseAfterMillis(command.releaseAfterMillis())
                .setReleaseAt(Micros.instantOrNull(command.releaseAt()))
                .setApproval(approval(command.approval()))
                .build();
    }

    static CommandState state(io.kordon.avro.CommandState record) {
        return new CommandState(
                record.getId(),
                record.getPlaybook(),
                Mode.valueOf(record.getMode().name()),
                StepStatus.valueOf(record.getStatus().name()),
                record.getDetail(),
                record.getSteps().stream().map(CommandStates::step).toList(),
                Micros.ofNullable(record.getIssuedAt()),
                record.getReleaseAfterMillis(),
                Micros.ofNullable(record.getReleaseAt()),
                approval(record.getApproval()));
    }

    private static io.kordon.avro.StepState record(StepState step) {
        return io.kordon.avro.StepState.newBuilder()
                .setAction(step.action())
                .setStatus(io.kordon.avro.StepStatus.valueOf(step.status().name()))
                .setDetail(step.detail())
                .setParameters(step.parameters())
                .setTimeoutMillis(step.timeoutMillis())
                .setOnFailure(onFailure(step.onFailure()))
                .setChanged(step.changed())
                .setFinishedAt(Micros.instantOrNull(step.finishedAt()))
                .build();
    }

    private static StepState step(io.kordon.avro.StepState record) {
        return new StepState(
                record.getAction(),
                record.getParameters(),
                record.getTimeoutMillis(),
                switch (record.getOnFailure()) {
                    case CONTINUE -> OnFailure.CONTINUE;
                    case STOP, UNKNOWN -> OnFailure.STOP;
                },
                StepStatus.valueOf(record.getStatus().name()),
                record.getDetail(),
                record.getChanged(),
                Micros.ofNullable(record.getFinishedAt()));
    }

    static io.kordon.avro.OnFailure onFailure(OnFailure onFailure) {
        return io.kordon.avro.OnFailure.valueOf(onFailure.name());
    }

    static io.kordon.avro.@Nullable Approval approval(@Nullable Approval approval) {
        return approval == null
                ? null
                : new io.kordon.avro.Approval(
                        approval.decisionId(), approval.by(), approval.reason(), Micros.instant(approval.at()));
    }

    private static @Nullable Approval approval(io.kordon.avro.@Nullable Approval record) {
        return record == null
                ? null
                : new Approval(record.getDecisionId(), record.getBy(), record.getReason(), Micros.of(record.getAt()));
    }
}
