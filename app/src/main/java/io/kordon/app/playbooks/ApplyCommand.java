package io.kordon.app.playbooks;

import io.kordon.app.published.ApplyDocuments;
import io.kordon.app.published.ApplyPlan;
import io.kordon.app.published.PublishedDocuments;
import io.kordon.app.published.Shelf;
import io.kordon.streams.response.PlaybookFiles;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;

/** Publishes playbooks. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Publish playbooks: every running instance puts them in force at once, in place of those that have the same"
                    + " names, published ones and those from disk. Incidents that a playbook has issued its command for"
                    + " keep it as it is.",
            "All are checked first, as `kordon playbooks check` does; if there is any problem, nothing is published and"
                    + " the command ends with 1."
        })
final class ApplyCommand extends ApplyDocuments {
    ApplyCommand() {
        super(Shelf.PLAYBOOKS);
    }

    @Override
    protected ApplyPlan plan(List<Path> paths, PublishedDocuments published, boolean prune) {
        return PlaybookPlan.of(PlaybookFiles.read(paths), published.sound(), prune);
    }
}
