package io.kordon.app.rules;

import io.kordon.app.config.PlaceholderFile;
import io.kordon.app.process.Rulebook;
import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.app.terminal.Screen;
import io.kordon.streams.rule.Placeholders;
import io.kordon.streams.rule.RuleDocument;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
                    + " checked, but not published: instances read them from disk."
        })
final class ApplyCommand extends ClientCommand {
    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files, and folders with all that is below them (*.yml, *.yaml).")
    private List<Path> paths = List.of();

    @Option(names = "--placeholders", paramLabel = "FILE", description = PlaceholderFile.DESCRIPTION)
    private @Nullable Path placeholders;

    @Option(names = "--dry-run", description = "Say what would be done, and publish nothing.")
    private boolean dryRun;

    @Option(names = "--prune", description = "Switch off the published rules that are not in PATH.")
    private boolean prune;

    @Option(names = "--force", description = "Publish what is fine though other documents are not; still end with 1.")
    private boolean force;

    @Override
    protected void check() {
        if (prune && force) {
            throw wrong("--prune with --force could switch a rule off only because its file has a mistake");
        }
    }

    @Override
    protected int run(Connection connection) throws InterruptedException {
        Placeholders known = PlaceholderFile.read(placeholders);
        Rulebook book = Rulebook.of(paths, known);
        PublishedRules published = PublishedRules.read(connection);
        remark(published.complaint());
        ApplyPlan plan = ApplyPlan.of(book.parsed(), published.sound(), prune, new RuleParser(known));
        List<RuleProblem> problems = new ArrayList<>(book.problems());
        problems.removeAll(book.rules().problems()); // of the rules alone, which published ones may have solved
        problems.addAll(plan.problems());

        Screen screen = screen();
        problems.forEach(problem -> screen.line(problem.toString()));
        if (!problems.isEmpty() && !force) {
            screen.line(problems.size() + " problems; nothing is published");
            return 1;
        }
        if (book.parsed().documents().isEmpty()) {
            screen.line("there are no rules in " + paths + "; nothing is published");
            return 1;
        }
        if (!dryRun) {
            try (RulePublisher publisher = RulePublisher.open(connection)) {
                plan.publish().forEach(publisher::put);
                plan.switchOff().forEach(publisher::switchOff);
                publisher.commit();
            }
        }
        tell(plan);
        return problems.isEmpty() ? 0 : 1;
    }

    private void tell(ApplyPlan plan) {
        Screen screen = screen();
        String would = dryRun ? "would be " : "";
        plan.publish().forEach(document -> screen.line(would + "published  " + shown(document)));
        plan.switchOff().forEach(id -> screen.line(would + "switched off  " + id));
        plan.unchanged().forEach(document -> screen.line("unchanged  " + shown(document)));
        plan.refused().forEach(document -> screen.line("not published, see above  " + shown(document)));
        plan.leftOut().forEach(problem -> remark("instances leave out a rule that is published: " + problem));
        screen.line("%d %spublished, %d unchanged, %d %sswitched off, %d not published"
                .formatted(
                        plan.publish().size(),
                        would,
                        plan.unchanged().size(),
                        plan.switchOff().size(),
                        would,
                        plan.refused().size()));
    }

    private static String shown(RuleDocument document) {
        return document.id() + " " + document.version() + "  "
                + document.place().origin() + ":" + document.place().line();
    }
}
