package io.kordon.app.rules;

import io.kordon.app.config.PlaceholderFile;
import io.kordon.app.process.Rulebook;
import io.kordon.app.published.ApplyDocuments;
import io.kordon.app.published.ApplyPlan;
import io.kordon.app.published.PublishedDocuments;
import io.kordon.app.published.Shelf;
import io.kordon.streams.rule.Placeholders;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Publishes rules. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Publish rules: every running instance puts them in force at once, in place of those that have the same ids,"
                    + " published ones and those from disk.",
            "All are checked first, as `kordon rules check` does; if there is any problem, nothing is published and the"
                    + " command ends with 1. A correlation may refer to rules that are published already. Playbooks are"
                    + " checked, but not published: that is `kordon playbooks apply`."
        })
final class ApplyCommand extends ApplyDocuments {
    @Option(names = "--placeholders", paramLabel = "FILE", description = PlaceholderFile.DESCRIPTION)
    private @Nullable Path placeholders;

    ApplyCommand() {
        super(Shelf.RULES);
    }

    @Override
    protected ApplyPlan plan(List<Path> paths, PublishedDocuments published, boolean prune) {
        Placeholders known = PlaceholderFile.read(placeholders);
        Rulebook book = Rulebook.of(paths, known);
        ApplyPlan plan = RulePlan.of(book.parsed(), published.sound(), prune, new RuleParser(known));
        List<RuleProblem> problems = new ArrayList<>(book.problems());
        problems.removeAll(book.rules().problems()); // of the rules alone, which published ones may have solved
        problems.addAll(plan.problems());
        return new ApplyPlan(
                problems, plan.publish(), plan.unchanged(), plan.refused(), plan.switchOff(), plan.leftOut());
    }
}
