package io.kordon.app.playbooks;

import io.kordon.app.published.ChangeDocuments;
import io.kordon.app.published.Shelf;
import picocli.CommandLine.Command;

/** Switches playbooks off, or forgets what was published of them. */
abstract class RemoveCommand extends ChangeDocuments {
    RemoveCommand(Change change) {
        super(Shelf.PLAYBOOKS, change);
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Switch playbooks off, published ones and those that instances read from disk: they issue no commands"
                        + " any more. What they have issued goes on.",
                "`kordon playbooks apply` switches them on again, `kordon playbooks reset` gives them back to the disk."
            })
    static final class Off extends RemoveCommand {
        Off() {
            super(Change.SWITCH_OFF);
        }
    }

    @Command(
            name = "reset",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description =
                    "Forget what was published under these names: the playbooks from disk are back, where there are"
                            + " any.")
    static final class Reset extends RemoveCommand {
        Reset() {
            super(Change.FORGET);
        }
    }
}
