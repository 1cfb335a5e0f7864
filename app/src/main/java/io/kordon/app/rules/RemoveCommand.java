package io.kordon.app.rules;

import io.kordon.app.published.ChangeDocuments;
import io.kordon.app.published.PublishedDocuments;
import io.kordon.app.published.Shelf;
import io.kordon.streams.rule.RuleParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** Switches rules off, or forgets what was published of them. */
abstract class RemoveCommand extends ChangeDocuments {
    RemoveCommand(Change change) {
        super(Shelf.RULES, change);
    }

    /** Other commands take names as well; here one would switch off nothing, and say that it had. */
    @Override
    protected List<String> complaints(Set<String> ids, PublishedDocuments published) {
        List<String> complaints = new ArrayList<>();
        published
                .byId()
                .forEach((id, rule) -> new RuleParser()
                        .parse(id, rule.getDocument()).rules().stream()
                                .map(parsed -> parsed.name())
                                .filter(name -> name != null && !name.equals(id) && ids.contains(name))
                                .forEach(name -> complaints.add("'" + name + "' is the name of the published rule " + id
                                        + ": give its id; nothing is changed")));
        return complaints;
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Switch rules off, published ones and those that instances read from disk.",
                "`kordon rules apply` switches them on again, `kordon rules reset` gives them back to the disk."
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
                    "Forget what was published under these ids: the rules from disk are back, where there are any.")
    static final class Reset extends RemoveCommand {
        Reset() {
            super(Change.FORGET);
        }
    }
}
