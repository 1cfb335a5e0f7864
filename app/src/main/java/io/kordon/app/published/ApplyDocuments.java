package io.kordon.app.published;

import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.app.terminal.Screen;
import io.kordon.streams.rule.RuleDocument;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes documents from files, all in one transaction. */
public abstract class ApplyDocuments extends ClientCommand {
    private final Shelf shelf;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Files, and folders with all that is below them (*.yml, *.yaml).")
    private List<Path> paths = List.of();

    @Option(names = "--dry-run", description = "Say what would be done, and publish nothing.")
    private boolean dryRun;

    @Option(names = "--prune", description = "Switch off what is published and not in PATH.")
    private boolean prune;

    @Option(names = "--force", description = "Publish what is fine though other documents are not; still end with 1.")
    private boolean force;

    protected ApplyDocuments(Shelf shelf) {
        this.shelf = shelf;
    }

    /** What is to be done: with the problems of all files, and for each document of theirs what becomes of it. */
    protected abstract ApplyPlan plan(List<Path> paths, PublishedDocuments published, boolean prune);

    @Override
    protected final void check() {
        if (prune && force) {
            throw wrong("--prune with --force could switch something off only because its file has a mistake");
        }
    }

    @Override
    protected final int run(Connection connection) throws InterruptedException {
        PublishedDocuments published = PublishedDocuments.read(connection, shelf);
        remark(published.complaint());
        ApplyPlan plan = plan(paths, published, prune);
        Screen screen = screen();
        plan.problems().forEach(problem -> screen.line(problem.toString()));
        if (!plan.problems().isEmpty() && !force) {
            screen.line(plan.problems().size() + " problems; nothing is published");
            return 1;
        }
        if (plan.empty()) {
            screen.line("there are no " + shelf.many() + " in " + paths + "; nothing is published");
            return 1;
        }
        if (!dryRun) {
            try (DocumentPublisher publisher = DocumentPublisher.open(connection, shelf)) {
                plan.publish().forEach(publisher::put);
                plan.switchOff().forEach(publisher::switchOff);
                publisher.commit();
            }
        }
        tell(plan);
        return plan.problems().isEmpty() ? 0 : 1;
    }

    private void tell(ApplyPlan plan) {
        Screen screen = screen();
        String would = dryRun ? "would be " : "";
        plan.publish().forEach(document -> screen.line(would + "published  " + shown(document)));
        plan.switchOff().forEach(id -> screen.line(would + "switched off  " + id));
        plan.unchanged().forEach(document -> screen.line("unchanged  " + shown(document)));
        plan.refused().forEach(document -> screen.line("not published, see above  " + shown(document)));
        plan.leftOut()
                .forEach(problem -> remark("instances leave out a " + shelf.one() + " that is published: " + problem));
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
