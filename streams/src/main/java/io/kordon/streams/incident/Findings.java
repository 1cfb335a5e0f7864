package io.kordon.streams.incident;

import io.kordon.streams.scoring.Contribution;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * What an incident has found: the rules that matched and the evidence for them. Everything is kept sorted, so that it
 * does not depend on the order of arrival.
 *
 * @param contributions every distinct matched rule once, by rule id
 * @param tactics ATT&amp;CK tactics by Sigma tag, sorted
 * @param techniques ATT&amp;CK technique ids, sorted
 * @param evidence at most {@link #EVIDENCE_PER_RULE} per rule, in {@link Evidence#ORDER}
 * @param evidenceOmitted pieces counted but left out of {@code evidence}
 */
public record Findings(
        List<Contribution> contributions,
        List<String> tactics,
        List<String> techniques,
        List<Evidence> evidence,
        long evidenceOmitted) {

    /** Pieces of evidence listed per detection rule; the earliest are kept, the rest counted. */
    public static final int EVIDENCE_PER_RULE = 10;

    static final Findings NONE = new Findings(List.of(), List.of(), List.of(), List.of(), 0);

    public Findings {
        contributions = List.copyOf(contributions);
        tactics = List.copyOf(tactics);
        techniques = List.copyOf(techniques);
        evidence = List.copyOf(evidence);
    }

    /** Whether the rule has matched. */
    public boolean has(String ruleId) {
        return contributions.stream().anyMatch(known -> known.ruleId().equals(ruleId));
    }

    /** Counts matches of a rule; the first of a rule adds it and its ATT&amp;CK tags. */
    Findings matched(Contribution contribution, Collection<String> tags) {
        List<Contribution> all = new ArrayList<>(contributions.size() + 1);
        long before = 0;
        for (Contribution known : contributions) {
            if (known.ruleId().equals(contribution.ruleId())) {
                before = known.matches();
            } else {
                all.add(known);
            }
        }
        all.add(contribution.counted(before + contribution.matches()));
        all.sort(Comparator.comparing(Contribution::ruleId));
        return new Findings(
                all,
                merge(tactics, Attack.tactics(tags)),
                merge(techniques, Attack.techniques(tags)),
                evidence,
                evidenceOmitted);
    }

    /** Adds a piece that was not counted before; the latest of its rule gives way when the rule's list is full. */
    Findings with(Evidence piece) {
        List<Evidence> all = new ArrayList<>(evidence);
        all.add(piece);
        all.sort(Evidence.ORDER);
        List<Evidence> ofRule = all.stream()
                .filter(other -> other.ruleId().equals(piece.ruleId()))
                .toList();
        boolean full = ofRule.size() > EVIDENCE_PER_RULE;
        if (full) {
            all.remove(ofRule.get(ofRule.size() - 1));
        }
        return new Findings(contributions, tactics, techniques, all, evidenceOmitted + (full ? 1 : 0));
    }

    /** Replaces listed evidence by what is now known of the same signal, as an alert that was resolved. */
    Findings corrected(Evidence piece) {
        List<Evidence> all = new ArrayList<>(evidence);
        all.replaceAll(known -> known.signalId().equals(piece.signalId()) ? piece : known);
        all.sort(Evidence.ORDER);
        return new Findings(contributions, tactics, techniques, all, evidenceOmitted);
    }

    private static List<String> merge(List<String> known, List<String> more) {
        TreeSet<String> all = new TreeSet<>(known);
        all.addAll(more);
        return List.copyOf(all);
    }
}
