package io.kordon.streams.topology;

import io.kordon.avro.DecisionAction;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.IncidentStatus;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Evidence;
import io.kordon.streams.incident.Findings;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Interval;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.StepState;
import io.kordon.streams.incident.StepStatus;
import io.kordon.streams.incident.Timeline;
import io.kordon.streams.incident.Verdict;
import io.kordon.streams.scoring.Contribution;

/** Incidents between their record and the core's value. */
final class IncidentRecords {
    private IncidentRecords() {}

    static io.kordon.avro.Incident record(Incident incident) {
        Findings findings = incident.findings();
        return io.kordon.avro.Incident.newBuilder()
                .setId(incident.id())
                .setRevision(incident.revision())
                .setKey(incident.key())
                .setEntity(SubjectRecords.entity(incident.subject()))
                .setContext(SubjectRecords.context(incident.context()))
                .setTitle(incident.title())
                .setSeverity(SignalRecords.level(incident.severity()))
                .setScore(incident.score())
                .setContributions(findings.contributions().stream()
                        .map(IncidentRecords::record)
                        .toList())
                .setStatus(IncidentStatus.valueOf(incident.status().name()))
                .setPhase(io.kordon.avro.Phase.valueOf(incident.phase().name()))
                .setTactics(findings.tactics())
                .setTechniques(findings.techniques())
                .setEvidence(findings.evidence().stream()
                        .map(IncidentRecords::record)
                        .toList())
                .setEvidenceOmitted(findings.evidenceOmitted())
                .setTimeline(record(incident.timeline()))
                .setCommands(incident.commands().stream()
                        .map(IncidentRecords::record)
                        .toList())
                .setCloseReason(incident.closeReason())
                .setDecisions(incident.decisions().stream()
                        .map(verdict -> new IncidentDecision(
                                verdict.id(),
                                DecisionAction.valueOf(verdict.action().name()),
                                verdict.by(),
                                verdict.reason(),
                                Micros.instant(verdict.at())))
                        .toList())
                .build();
    }

    static Incident incident(io.kordon.avro.Incident record) {
        return new Incident(
                record.getId(),
                record.getRevision(),
                record.getKey(),
                SubjectRecords.subject(record.getEntity()),
                SubjectRecords.context(record.getContext()),
                new Findings(
                        record.getContributions().stream()
                                .map(IncidentRecords::contribution)
                                .toList(),
                        record.getTactics(),
                        record.getTechniques(),
                        record.getEvidence().stream()
                                .map(IncidentRecords::evidence)
                                .toList(),
                        record.getEvidenceOmitted()),
                timeline(record.getTimeline()),
                record.getCommands().stream().map(IncidentRecords::command).toList(),
                record.getCloseReason(),
                record.getDecisions().stream()
                        .map(decision -> new Verdict(
                                decision.getId(),
                                Verdict.Action.valueOf(decision.getAction().name()),
                                decision.getBy(),
                                decision.getReason(),
                                Micros.of(decision.getAt())))
                        .toList());
    }

    private static io.kordon.avro.Contribution record(Contribution contribution) {
        return new io.kordon.avro.Contribution(
                contribution.ruleId(),
                contribution.ruleName(),
                contribution.ruleTitle(),
                contribution.ruleVersion(),
                SignalRecords.level(contribution.level()),
                contribution.weight(),
                contribution.playbook(),
                contribution.matches());
    }

    private static Contribution contribution(io.kordon.avro.Contribution record) {
        return new Contribution(
                record.getRuleId(),
                record.getRuleName(),
                record.getRuleTitle(),
                record.getRuleVersion(),
                SignalRecords.level(record.getLevel()),
                record.getWeight(),
                record.getPlaybook(),
                record.getMatches());
    }

    private static io.kordon.avro.Evidence record(Evidence evidence) {
        return io.kordon.avro.Evidence.newBuilder()
                .setSignalId(evidence.signalId())
                .setEventId(evidence.eventId())
                .setRuleId(evidence.ruleId())
                .setRuleTitle(evidence.ruleTitle())
                .setSource(io.kordon.avro.Source.valueOf(evidence.source().name()))
                .setStart(Micros.instant(evidence.interval().start()))
                .setEnd(Micros.instant(evidence.interval().end()))
                .setOpen(evidence.open())
                .setReceivedAt(Micros.instant(evidence.receivedAt()))
                .setClamped(evidence.clamped())
                .setSummary(evidence.summary())
                .build();
    }

    private static Evidence evidence(io.kordon.avro.Evidence record) {
        return new Evidence(
                record.getSignalId(),
                record.getEventId(),
                record.getRuleId(),
                record.getRuleTitle(),
                Source.valueOf(record.getSource().name()),
                new Interval(Micros.of(record.getStart()), Micros.of(record.getEnd())),
                record.getOpen(),
                Micros.of(record.getReceivedAt()),
                record.getClamped(),
                record.getSummary());
    }

    private static io.kordon.avro.Timeline record(Timeline timeline) {
        return new io.kordon.avro.Timeline(
                Micros.instant(timeline.firstEvidenceAt()),
                Micros.instant(timeline.lastEvidenceAt()),
                Micros.instant(timeline.detectedAt()),
                Micros.instantOrNull(timeline.containmentRequestedAt()),
                Micros.instantOrNull(timeline.containedAt()),
                Micros.instantOrNull(timeline.closedAt()));
    }

    private static Timeline timeline(io.kordon.avro.Timeline record) {
        return new Timeline(
                Micros.of(record.getFirstEvidenceAt()),
                Micros.of(record.getLastEvidenceAt()),
                Micros.of(record.getDetectedAt()),
                Micros.ofNullable(record.getContainmentRequestedAt()),
                Micros.ofNullable(record.getContainedAt()),
                Micros.ofNullable(record.getClosedAt()));
    }

    private static io.kordon.avro.CommandState record(CommandState command) {
        return io.kordon.avro.CommandState.newBuilder()
                .setId(command.id())
                .setPlaybook(command.playbook())
                .setMode(io.kordon.avro.Mode.valueOf(command.mode().name()))
                .setStatus(io.kordon.avro.StepStatus.valueOf(command.status().name()))
                .setDetail(command.detail())
                .setSteps(command.steps().stream()
                        .map(step -> io.kordon.avro.StepState.newBuilder()
                                .setAction(step.action())
                                .setStatus(io.kordon.avro.StepStatus.valueOf(
                                        step.status().name()))
                                .setDetail(step.detail())
                                .setFinishedAt(Micros.instantOrNull(step.finishedAt()))
                                .build())
                        .toList())
                .build();
    }

    private static CommandState command(io.kordon.avro.CommandState record) {
        return new CommandState(
                record.getId(),
                record.getPlaybook(),
                Mode.valueOf(record.getMode().name()),
                StepStatus.valueOf(record.getStatus().name()),
                record.getDetail(),
                record.getSteps().stream()
                        .map(step -> new StepState(
                                step.getAction(),
                                StepStatus.valueOf(step.getStatus().name()),
                                step.getDetail(),
                                Micros.ofNullable(step.getFinishedAt())))
                        .toList());
    }
}
