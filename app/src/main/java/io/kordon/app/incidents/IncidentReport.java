package io.kordon.app.incidents;

import io.kordon.app.terminal.Elapsed;
import io.kordon.avro.Approval;
import io.kordon.avro.CommandState;
import io.kordon.avro.Contribution;
import io.kordon.avro.Evidence;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Finding;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.StepState;
import io.kordon.avro.StepStatus;
import io.kordon.avro.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An incident for a reader: what each revision added, and the whole at the end. */
public final class IncidentReport {
    private static final int MOST_FINDINGS = 10;

    private IncidentReport() {}

    /** Lines for what {@code now} has that {@code before} had not; {@code before} is null for the first revision. */
    public static List<String> growth(@Nullable Incident before, Incident now) {
        List<String> lines = new ArrayList<>();
        lines.add("%s, revision %d: %s, score %s, %s, phase %s"
                .formatted(
                        now.getTitle(),
                        now.getRevision(),
                        now.getSeverity(),
                        number(now.getScore()),
                        now.getStatus(),
                        now.getPhase()));
        List<String> known = before == null
                ? List.of()
                : before.getEvidence().stream().map(Evidence::getSignalId).toList();
        now.getEvidence().stream()
                .filter(evidence -> !known.contains(evidence.getSignalId()))
                .forEach(evidence -> lines.add("  evidence  " + evidence(evidence)));
        if (before == null || !before.getContributions().equals(now.getContributions())) {
            lines.addAll(score(now));
        }
        for (int i = 0; i < now.getCommands().size(); i++) {
            CommandState command = now.getCommands().get(i);
            CommandState earlier = before == null || i >= before.getCommands().size()
                    ? null
                    : before.getCommands().get(i);
            lines.addAll(command(earlier, command));
        }
        stored(before, now, lines);
        List<String> decided = before == null
                ? List.of()
                : before.getDecisions().stream().map(IncidentDecision::getId).toList();
        now.getDecisions().stream()
                .filter(decision -> !decided.contains(decision.getId()))
                .forEach(decision -> lines.add("  decision  " + decision(decision)));
        return lines;
    }

    /** New evidence that was stored, and what examinations have found; of a long list the beginning. */
    private static void stored(@Nullable Incident before, Incident now, List<String> lines) {
        List<EvidenceBundle> bundles = before == null ? List.of() : before.getBundles();
        now.getBundles().stream()
                .filter(bundle -> !bundles.contains(bundle))
                .forEach(bundle -> lines.add("  stored    " + bundle(bundle)));
        List<Finding> known = before == null ? List.of() : before.getFindings();
        List<Finding> found =
                now.getFindings().stream().filter(each -> !known.contains(each)).toList();
        found.stream().limit(MOST_FINDINGS).forEach(each -> lines.add("  finding   " + finding(each)));
        if (found.size() > MOST_FINDINGS) {
            lines.add("  finding   " + (found.size() - MOST_FINDINGS) + " more");
        }
    }

    /** Where evidence is, and by what digest to know it. */
    static String bundle(EvidenceBundle bundle) {
        return "%s (%s, %d files, %d bytes%s) %s, sha256 %s"
                .formatted(
                        bundle.getLocation(),
                        bundle.getOrigin(),
                        bundle.getFiles(),
                        bundle.getBytes(),
                        bundle.getMissing() == 0 ? "" : ", " + bundle.getMissing() + " pieces could not be had",
                        bundle.getSealedAt(),
                        bundle.getDigest());
    }

    static String finding(Finding finding) {
        return "%s %s %s%s%s%s"
                .formatted(
                        finding.getLevel(),
                        finding.getKind(),
                        finding.getPath(),
                        finding.getIndicator() == null ? "" : " is " + finding.getIndicator(),
                        finding.getSha256() == null ? "" : ", sha256 " + finding.getSha256(),
                        detail(finding.getDetail()));
    }

    /** Who let a command run, and why. */
    static String approval(Approval approval) {
        return "by " + approval.getBy() + " at " + approval.getAt() + detail(approval.getReason());
    }

    /** A step with its parameters. */
    static String step(StepState step) {
        return step.getParameters().isEmpty()
                ? step.getAction()
                : step.getAction() + " " + new TreeMap<>(step.getParameters());
    }

    /** The times that a team is measured by, each with the time since the one before. */
    public static List<String> phases(Timeline timeline) {
        List<String> lines = new ArrayList<>();
        lines.add("  first evidence          " + timeline.getFirstEvidenceAt());
        phase(lines, "last evidence", timeline.getLastEvidenceAt(), timeline.getFirstEvidenceAt());
        Instant from = phase(lines, "detected", timeline.getDetectedAt(), timeline.getFirstEvidenceAt());
        from = phase(lines, "containment requested", timeline.getContainmentRequestedAt(), from);
        from = phase(lines, "contained", timeline.getContainedAt(), from);
        phase(lines, "closed", timeline.getClosedAt(), from);
        return lines;
    }

    /** The sum, so that anyone can redo it. */
    public static List<String> score(Incident incident) {
        List<String> lines = new ArrayList<>();
        for (Contribution part : incident.getContributions()) {
            lines.add("  rule      %s (%s, weight %s, matched %d times)"
                    .formatted(part.getRuleTitle(), part.getLevel(), number(part.getWeight()), part.getMatches()));
        }
        String product = incident.getContributions().stream()
                .map(part -> "(1 - " + number(part.getWeight() / 100) + ")")
                .collect(Collectors.joining(" * "));
        lines.add("  score     100 * (1 - " + product + ") = " + number(incident.getScore()));
        return lines;
    }

    /** Who decided what, and why. */
    static String decision(IncidentDecision decision) {
        return "%s %s by %s%s"
                .formatted(decision.getAt(), decision.getAction(), decision.getBy(), detail(decision.getReason()));
    }

    static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    static String evidence(Evidence evidence) {
        return "%s %s: %s%s"
                .formatted(
                        evidence.getStart(),
                        evidence.getSource(),
                        evidence.getSummary().isEmpty() ? evidence.getRuleTitle() : evidence.getSummary(),
                        evidence.getOpen() ? " (still so)" : "");
    }

    private static List<String> command(@Nullable CommandState before, CommandState now) {
        List<String> lines = new ArrayList<>();
        if (before == null || before.getStatus() != now.getStatus()) {
            lines.add("  playbook  %s (%s): %s%s"
                    .formatted(now.getPlaybook(), now.getMode(), now.getStatus(), detail(now.getDetail())));
        }
        Approval approval = now.getApproval();
        if (approval != null && (before == null || !approval.equals(before.getApproval()))) {
            lines.add("  approved  " + now.getPlaybook() + " " + approval(approval));
        }
        for (int i = 0; i < now.getSteps().size(); i++) {
            StepState step = now.getSteps().get(i);
            StepStatus earlier = before == null || i >= before.getSteps().size()
                    ? StepStatus.PENDING
                    : before.getSteps().get(i).getStatus();
            if (step.getStatus() != earlier) {
                lines.add("  step      %-9s %s%s"
                        .formatted(step.getAction(), step.getStatus(), detail(step.getDetail())));
            }
        }
        return lines;
    }

    static String detail(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }

    private static Instant phase(List<String> lines, String name, @Nullable Instant at, Instant since) {
        if (at == null) {
            return since;
        }
        lines.add("  %-23s %s (%s later)".formatted(name, at, Elapsed.of(Duration.between(since, at))));
        return at;
    }
}
