package io.kordon.streams.incident;

import io.kordon.streams.rule.Level;
import io.kordon.streams.scoring.Contribution;
import io.kordon.streams.scoring.RiskScore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One incident at one revision. A pure value: every change returns another one, and everything shown of it (title,
 * severity, score, status, phase) follows from its findings and commands.
 *
 * @param id deterministic; see {@code streams/RATIONALE.md}
 * @param revision strictly rising from 1, one per emitted change; 0 before the first
 * @param key correlation key that it was opened under
 * @param context what the inventory knows of the pod, null for other entities and while unknown
 * @param commands in the order of issue
 * @param closeReason why it closed, null while it has not
 * @param decisions the latest that analysts took, at most {@link #MAX_DECISIONS}, by time
 * @param dossier the evidence that was kept, and what examinations found
 */
public record Incident(
        String id,
        long revision,
        String key,
        Subject subject,
        @Nullable PodContext context,
        Findings findings,
        Timeline timeline,
        List<CommandState> commands,
        @Nullable String closeReason,
        List<Verdict> decisions,
        Dossier dossier) {

    /** Close reason of an incident that had no match for long enough. */
    public static final String QUIET = "quiet";

    /** Close reason of an incident that an analyst closed: what comes after it opens a new one. */
    public static final String CLOSED_BY_ANALYST = "closed";

    static final String DISMISSED = "dismissed";
    static final int MAX_DECISIONS = 20;

    public Incident {
        commands = List.copyOf(commands);
        decisions = List.copyOf(decisions);
    }

    /** A new incident that nothing has been added to yet. */
    public static Incident open(String id, String key, Subject subject, long evidenceAt, long detectedAt) {
        Timeline timeline = Timeline.opened(evidenceAt, detectedAt);
        return new Incident(
                id, 0, key, subject.entity(), null, Findings.NONE, timeline, List.of(), null, List.of(), Dossier.NONE);
    }

    /** Risk in [0, 100]. */
    public double score() {
        return RiskScore.of(findings.contributions());
    }

    /** Highest level among the matched rules. */
    public Level severity() {
        return findings.contributions().stream()
                .map(Contribution::level)
                .max(Comparator.naturalOrder())
                .orElse(Level.INFORMATIONAL);
    }

    /** Title of the matched rule with the highest weight; the first by id among equals. */
    public String title() {
        return findings.contributions().stream()
                .max(Comparator.comparingDouble(Contribution::weight)
                        .thenComparing(Contribution::ruleId, Comparator.reverseOrder()))
                .map(Contribution::ruleTitle)
                .orElse("");
    }

    public boolean closed() {
        return closeReason != null;
    }

    public boolean dismissed() {
        return DISMISSED.equals(closeReason);
    }

    public boolean awaitsResults() {
        return containment().awaitsResults();
    }

    /** How many more playbooks may be chosen for it. */
    public int room() {
        return containment().room();
    }

    /** Whether something in the cluster may still be as its commands made it. */
    public boolean holds() {
        return containment().holds();
    }

    /** Whether there is something to undo that nobody is undoing yet. */
    public boolean releasable() {
        return containment().releasable();
    }

    /** Whether a command was ever issued that was to change the cluster. */
    public boolean everCommanded() {
        return containment().everIssued();
    }

    /** The command whose limit releases the incident by itself, once; null while that is not to be. */
    public @Nullable CommandState limited() {
        CommandState last = containment().lastToRelease();
        return last == null || hasCommand(Ids.release(id, last.id())) ? null : last;
    }

    public Status status() {
        if (closed()) {
            return dismissed() ? Status.DISMISSED : Status.CLOSED;
        }
        return containment().status();
    }

    public Phase phase() {
        if (closed()) {
            return Phase.IMPROVEMENT;
        }
        if (commands.isEmpty()) {
            return Phase.IDENTIFICATION;
        }
        Containment containment = containment();
        return containment.awaitsResults() || containment.waits() ? Phase.COORDINATION : Phase.RESOLUTION;
    }

    private Containment containment() {
        return new Containment(commands);
    }

    /** Counts matches of a rule; the first of a rule adds to the score and brings its ATT&amp;CK tags. */
    public Incident matched(Contribution contribution, Collection<String> tags) {
        return with(findings.matched(contribution, tags), timeline, subject, context);
    }

    /** Adds a piece of evidence that was not counted before. */
    public Incident evidence(Evidence piece, Subject about, @Nullable PodContext known) {
        return with(
                findings.with(piece),
                timeline.evidence(piece.interval().start()),
                subject.filledFrom(about),
                known != null ? known : context);
    }

    /** This incident, now that the pod's UID is known. */
    public Incident identified(String uid) {
        return with(findings, timeline, subject.of(uid, subject.node()), context);
    }

    /** This incident, now that the inventory has said more of the pod; null says nothing. */
    public Incident placed(@Nullable PodContext known) {
        return known == null ? this : with(findings, timeline, subject, known);
    }

    /** Replaces listed evidence by what is now known of the same signal. */
    public Incident corrected(Evidence piece) {
        return with(findings.corrected(piece), timeline, subject, context);
    }

    public boolean hasCommand(String commandId) {
        return commands.stream().anyMatch(command -> command.id().equals(commandId));
    }

    /** Adds a command that was issued, or waits. */
    public Incident commanded(CommandState command) {
        Long at = command.issuedAt();
        Timeline times = at == null || command.isRelease() ? timeline : timeline.requested(at);
        return with(containment().with(command), times);
    }

    /** Issues a command that waited, at {@code at}, epoch microseconds. */
    public Incident issued(String commandId, @Nullable Approval by, long at) {
        return with(containment().issued(commandId, by, at), timeline.requested(at));
    }

    /** Says anew why a command waits. */
    public Incident held(String commandId, String why) {
        return with(
                containment().replaced(command -> command.id().equals(commandId), command -> command.waitingFor(why)),
                timeline);
    }

    /** Turns down the command of that id, or every one that waits where it is null. */
    public Incident rejected(@Nullable String commandId, Verdict verdict) {
        return with(
                containment().replaced(command -> waits(command, commandId), command -> command.rejected(verdict)),
                timeline);
    }

    /** The commands that wait: that of the id, or all where it is null. */
    public List<CommandState> waiting(@Nullable String commandId) {
        return commands.stream().filter(command -> waits(command, commandId)).toList();
    }

    private static boolean waits(CommandState command, @Nullable String commandId) {
        return command.isWaiting() && (commandId == null || command.id().equals(commandId));
    }

    /** Folds an actuator's report in; one on a command that is not this incident's changes nothing. */
    public Incident reported(String commandId, int step, StepStatus status, String detail, boolean changed, long at) {
        if (!hasCommand(commandId)) {
            return this;
        }
        Containment next = containment().reported(commandId, step, status, detail, changed, at);
        boolean justContained = next.contained() && timeline.containedAt() == null;
        return with(next, justContained ? timeline.contained(at) : timeline);
    }

    /** Adds what was kept, or found. */
    public Incident with(Dossier more) {
        Dossier all = dossier.with(more);
        return new Incident(
                id, revision, key, subject, context, findings, timeline, commands, closeReason, decisions, all);
    }

    public Incident close(long at, String reason) {
        return with(timeline.closed(at), reason);
    }

    /** Whether an analyst wanted it to go on. */
    public boolean reopened() {
        return decisions.stream().anyMatch(verdict -> verdict.action() == Verdict.Action.REOPEN);
    }

    public boolean hasDecision(String decisionId) {
        return decisions.stream().anyMatch(known -> known.id().equals(decisionId));
    }

    /** What an analyst's decision makes of it. It closes no earlier than its evidence, whatever their clock says. */
    public Incident decided(Verdict verdict) {
        long at = Math.max(verdict.at(), timeline.lastEvidenceAt() + 1);
        Long closedAt = timeline.closedAt();
        Incident next = switch (verdict.action()) {
            case CLOSE -> close(at, CLOSED_BY_ANALYST);
            case DISMISS -> close(closedAt == null ? at : closedAt, DISMISSED);
            case REOPEN -> with(timeline.reopened(), null);
            case APPROVE, REJECT, RELEASE, ATTACH -> this; // these are about its commands and remains
        };
        return next.noting(verdict);
    }

    /** Remembers a decision. */
    public Incident noting(Verdict verdict) {
        List<Verdict> all = new ArrayList<>(decisions);
        all.add(verdict);
        all.sort(Comparator.comparingLong(Verdict::at).thenComparing(Verdict::id));
        List<Verdict> latest = all.subList(Math.max(0, all.size() - MAX_DECISIONS), all.size());
        return new Incident(
                id, revision, key, subject, context, findings, timeline, commands, closeReason, latest, dossier);
    }

    public Incident nextRevision() {
        return new Incident(
                id, revision + 1, key, subject, context, findings, timeline, commands, closeReason, decisions, dossier);
    }

    /** Of a pod that the inventory knows, the node is the inventory's: senders may write their own pod's name. */
    private Incident with(Findings found, Timeline times, Subject about, @Nullable PodContext known) {
        Subject placed = known == null ? about : about.of(about.uid(), known.node());
        return new Incident(id, revision, key, placed, known, found, times, commands, closeReason, decisions, dossier);
    }

    private Incident with(Containment containment, Timeline times) {
        return new Incident(
                id,
                revision,
                key,
                subject,
                context,
                findings,
                times,
                containment.commands(),
                closeReason,
                decisions,
                dossier);
    }

    private Incident with(Timeline times, @Nullable String reason) {
        return new Incident(id, revision, key, subject, context, findings, times, commands, reason, decisions, dossier);
    }
}
