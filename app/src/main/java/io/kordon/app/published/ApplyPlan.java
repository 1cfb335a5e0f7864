package io.kordon.app.published;

import io.kordon.streams.rule.RuleDocument;
import io.kordon.streams.rule.RuleProblem;
import java.util.List;

/**
 * What publishing some files would do to a topic of documents.
 *
 * @param problems of the files
 * @param publish documents that are new or of another version
 * @param unchanged documents that the topic has already
 * @param refused documents that cannot stand with the others; each has its problem among {@code problems}
 * @param switchOff ids to switch off, because the files do not have them
 * @param leftOut published documents that instances would leave out afterwards, with the reasons
 */
public record ApplyPlan(
        List<RuleProblem> problems,
        List<RuleDocument> publish,
        List<RuleDocument> unchanged,
        List<RuleDocument> refused,
        List<String> switchOff,
        List<RuleProblem> leftOut) {

    public ApplyPlan {
        problems = List.copyOf(problems);
        publish = List.copyOf(publish);
        unchanged = List.copyOf(unchanged);
        refused = List.copyOf(refused);
        switchOff = List.copyOf(switchOff);
        leftOut = List.copyOf(leftOut);
    }

    /** Whether the files held nothing at all. */
    boolean empty() {
        return publish.isEmpty() && unchanged.isEmpty() && refused.isEmpty();
    }
}
