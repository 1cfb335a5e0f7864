package io.kordon.app.rules;

import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import io.kordon.streams.rule.RuleParser;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Switches rules off, or forgets what was published of them. */
abstract class RemoveCommand extends ClientCommand {
    private static final int LONGEST_ID = 512;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of rules, as `kordon rules list` shows them.")
    private Set<String> ids = new LinkedHashSet<>();

    @Option(names = "--dry-run", description = "Say what would be done, and publish nothing.")
    private boolean dryRun;

    /** Asks for the change. Returns what to say of it. */
    abstract String change(String id, PublishedRules published, RulePublisher publisher);

    @Override
    protected void check() {
        for (String id : ids) {
            if (id.isBlank() || id.length() > LONGEST_ID) {
                throw wrong("an id has 1 to " + LONGEST_ID + " characters");
            }
        }
    }

    @Override
    protected int run(Connection connection) throws InterruptedException {
        PublishedRules published = PublishedRules.read(connection);
        remark(published.complaint());
        List<String> names = names(published);
        if (!names.isEmpty()) {
            names.forEach(this::remark);
            return 1;
        }
        try (RulePublisher publisher = RulePublisher.open(connection)) {
            List<String> said =
                    ids.stream().map(id -> change(id, published, publisher)).toList();
            if (!dryRun) {
                publisher.commit();
            }
            said.forEach(line -> screen().line((dryRun ? "would be: " : "") + line));
        }
        return 0;
    }

    /** Other commands take names as well; here one would switch off nothing, and say that it had. */
    private List<String> names(PublishedRules published) {
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
        @Override
        String change(String id, PublishedRules published, RulePublisher publisher) {
            if (published.off(id)) {
                return "unchanged, off already  " + id;
            }
            publisher.switchOff(id);
            return published.has(id)
                    ? "switched off  " + id
                    : "switched off  " + id
                            + "  (it was not published: this counts for instances that read it from disk)";
        }
    }

    @Command(
            name = "reset",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description =
                    "Forget what was published under these ids: the rules from disk are back, where there are any.")
    static final class Reset extends RemoveCommand {
        @Override
        String change(String id, PublishedRules published, RulePublisher publisher) {
            if (!published.has(id)) {
                return "unchanged, nothing is published under it  " + id;
            }
            publisher.forget(id);
            return "forgotten  " + id;
        }
    }
}
