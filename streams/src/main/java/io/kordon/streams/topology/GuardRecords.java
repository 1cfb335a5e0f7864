package io.kordon.streams.topology;

import io.kordon.avro.Command;
import io.kordon.avro.Entity;
import io.kordon.avro.GuardState;
import io.kordon.avro.Mode;
import io.kordon.avro.Owner;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.response.BudgetLedger;
import io.kordon.streams.response.BudgetLedger.Containment;
import io.kordon.streams.response.Budgets;

/** What the guard decides by and remembers, between its records and the core's values. */
final class GuardRecords {
    private GuardRecords() {}

    /** @param now epoch microseconds */
    static Budgets.Request request(Command command, long now) {
        Entity entity = command.getEntity();
        Owner workload = command.getWorkload();
        return new Budgets.Request(
                command.getIncidentId(),
                entity.getNamespace(),
                workload == null ? null : workload.getKind() + "/" + workload.getName(),
                command.getSteps().stream().allMatch(step -> Budgets.harmless(step.getAction(), step.getParameters())),
                command.getMode() == Mode.DRY_RUN,
                command.getApproval() != null,
                Math.min(Micros.of(command.getIssuedAt()), now));
    }

    /** What stands in the results in place of a command that is held. */
    static Result waiting(Command command, String reason) {
        return Result.newBuilder()
                .setCommandId(command.getId())
                .setIncidentId(command.getIncidentId())
                .setKey(command.getKey())
                .setEntity(command.getEntity())
                .setStep(CommandState.WHOLE_RUN)
                .setAction("run")
                .setStatus(StepStatus.WAITING)
                .setDetail(reason)
                .setStartedAt(command.getIssuedAt())
                .setFinishedAt(command.getIssuedAt())
                .build();
    }

    static GuardState record(BudgetLedger ledger) {
        return new GuardState(
                ledger.newest(),
                ledger.containments().stream()
                        .map(each -> new io.kordon.avro.Containment(
                                each.incidentId(), each.namespace(), each.owner(), each.at()))
                        .toList());
    }

    static BudgetLedger ledger(GuardState record) {
        return new BudgetLedger(
                record.getNewest(),
                record.getContainments().stream()
                        .map(each -> new Containment(
                                each.getIncidentId(), each.getNamespace(), each.getOwner(), each.getAt()))
                        .toList());
    }
}
