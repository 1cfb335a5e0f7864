package io.kordon.app.incidents;

import io.kordon.avro.Approval;
import io.kordon.avro.CommandState;
import io.kordon.avro.ContainerContext;
import io.kordon.avro.Entity;
import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Owner;
import io.kordon.avro.PodContext;
import io.kordon.avro.StepState;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All of an incident, for a person to read from top to bottom. */
final class IncidentSheet {
    private final Incident incident;
    private final boolean originals;
    private final List<String> lines = new ArrayList<>();

    /**
     * A sheet.
     *
     * @param originals whether to show the senders' JSON
     */
    IncidentSheet(Incident incident, boolean originals) {
        this.incident = incident;
        this.originals = originals;
    }

    List<String> lines() {
        lines.clear();
        head();
        about();
        PodContext context = incident.getContext();
        if (context != null) {
            context(context);
        }
        lines.add("score");
        lines.addAll(IncidentReport.score(incident));
        evidence();
        lines.add("times");
        lines.addAll(IncidentReport.phases(incident.getTimeline()));
        commands();
        stored();
        decisions();
        return List.copyOf(lines);
    }

    private void head() {
        lines.add(incident.getTitle());
        field("incident", incident.getId() + ", revision " + incident.getRevision());
        field("severity", incident.getSeverity() + ", score " + IncidentReport.number(incident.getScore()));
        String reason = incident.getCloseReason();
        field(
                "status",
                incident.getStatus() + ", phase " + incident.getPhase()
                        + (reason == null ? "" : ", because: " + reason));
        field("tactics", String.join(", ", incident.getTactics()));
        field("techniques", String.join(", ", incident.getTechniques()));
    }

    private void about() {
        Entity entity = incident.getEntity();
        lines.add("about");
        field("key", incident.getKey());
        field("kind", entity.getKind().name());
        field("cluster", entity.getCluster());
        field("namespace", entity.getNamespace());
        field("name", entity.getName());
        field("uid", entity.getUid());
        field("node", entity.getNode());
        field("container", entity.getContainer());
        field("container id", entity.getContainerId());
    }

    private void context(PodContext context) {
        lines.add("the pod, by the inventory");
        field("node", context.getNode());
        Owner workload = context.getWorkload();
        field("workload", workload == null ? "" : owner(workload));
        field("owners", context.getOwners().stream().map(IncidentSheet::owner).collect(Collectors.joining(", ")));
        field("service account", context.getServiceAccount());
        field("shares with node", shared(context));
        field(
                "labels",
                new TreeMap<>(context.getLabels())
                        .entrySet().stream()
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .collect(Collectors.joining(", ")));
        for (ContainerContext container : context.getContainers()) {
            field(
                    "image",
                    "%s (container %s%s%s)"
                            .formatted(
                                    container.getImage(),
                                    container.getName(),
                                    container.getId() == null ? "" : ", " + container.getId(),
                                    container.getPrivileged() ? ", privileged" : ""));
        }
    }

    private void evidence() {
        lines.add("evidence: " + incident.getEvidence().size() + " listed"
                + (incident.getEvidenceOmitted() == 0 ? "" : ", " + incident.getEvidenceOmitted() + " more counted"));
        for (Evidence piece : incident.getEvidence()) {
            lines.add("  " + IncidentReport.evidence(piece)
                    + (piece.getEnd().equals(piece.getStart()) ? "" : " (until " + piece.getEnd() + ")")
                    + (piece.getClamped() ? " (the sender's clock is ahead)" : ""));
            lines.add("    by the rule " + piece.getRuleTitle() + " (" + piece.getRuleId() + "), event "
                    + piece.getEventId());
            if (originals) {
                lines.add("    " + (piece.getTruncated() ? "(cut) " : "") + piece.getOriginal());
            }
        }
    }

    private void commands() {
        lines.add(incident.getCommands().isEmpty() ? "containment: none asked for" : "containment");
        for (CommandState command : incident.getCommands()) {
            lines.add("  playbook %s (%s): %s%s"
                    .formatted(
                            command.getPlaybook(),
                            command.getMode(),
                            command.getStatus(),
                            IncidentReport.detail(command.getDetail())));
            lines.add("    command " + command.getId()
                    + (command.getIssuedAt() == null ? "" : ", issued " + command.getIssuedAt()));
            if (command.getStatus() == StepStatus.WAITING && incident.getStatus() != IncidentStatus.DISMISSED) {
                lines.add("    waits for `kordon incidents approve " + incident.getId() + "`");
            }
            Approval approval = command.getApproval();
            if (approval != null) {
                lines.add("    approved " + IncidentReport.approval(approval));
            }
            if (command.getReleaseAt() != null) {
                lines.add("    is released by itself at " + command.getReleaseAt());
            }
            for (StepState step : command.getSteps()) {
                lines.add("    %-9s %-8s %s%s"
                        .formatted(
                                step.getAction(),
                                step.getStatus(),
                                step.getFinishedAt() == null ? parameters(step) : step.getFinishedAt(),
                                IncidentReport.detail(step.getDetail()))
                        .stripTrailing());
            }
        }
    }

    /** What a step is going to do is told until it has been done. */
    private static String parameters(StepState step) {
        return step.getParameters().isEmpty() ? "" : new TreeMap<>(step.getParameters()).toString();
    }

    private void stored() {
        if (!incident.getBundles().isEmpty()) {
            lines.add("evidence stored");
            incident.getBundles().forEach(bundle -> lines.add("  " + IncidentReport.bundle(bundle)));
        }
        if (!incident.getFindings().isEmpty()) {
            lines.add("findings: " + incident.getFindings().size() + " listed"
                    + (incident.getFindingsOmitted() == 0
                            ? ""
                            : ", " + incident.getFindingsOmitted() + " more counted"));
            incident.getFindings().forEach(finding -> lines.add("  " + IncidentReport.finding(finding)));
        }
    }

    private void decisions() {
        lines.add(incident.getDecisions().isEmpty() ? "decisions: none" : "decisions");
        for (IncidentDecision decision : incident.getDecisions()) {
            lines.add("  " + IncidentReport.decision(decision));
        }
    }

    private void field(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            lines.add("  %-16s %s".formatted(name, value));
        }
    }

    private static String owner(Owner owner) {
        return owner.getKind() + " " + owner.getName();
    }

    private static String shared(PodContext context) {
        StringJoiner shared = new StringJoiner(", ");
        if (context.getHostNetwork()) {
            shared.add("network");
        }
        if (context.getHostPid()) {
            shared.add("processes");
        }
        if (context.getHostIpc()) {
            shared.add("IPC");
        }
        return shared.toString();
    }
}
