package io.kordon.app.rules;

import io.kordon.app.config.PlaceholderFile;
import io.kordon.app.published.ListDocuments;
import io.kordon.app.published.Shelf;
import io.kordon.avro.Rule;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.RuleLedger;
import io.kordon.streams.rule.RuleParser;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The rules that are published. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the rules that are published. Instances have those from disk beside them.")
final class ListCommand extends ListDocuments {
    @Option(names = "--placeholders", paramLabel = "FILE", description = PlaceholderFile.DESCRIPTION)
    private @Nullable Path placeholders;

    private @Nullable RuleParser parser;

    ListCommand() {
        super(Shelf.RULES, "TITLE");
    }

    @Override
    protected State state(String id, Rule rule) {
        RuleParser reader = parser();
        return new RuleLedger(new ParsedRules(List.of(), List.of(), List.of()), reader)
                .publish(id, "", rule.getDocument())
                .map(why -> State.refused(why.problem().toString()))
                .orElseGet(() -> State.on(
                        reader.parse("", rule.getDocument()).rules().get(0).title()));
    }

    private RuleParser parser() {
        RuleParser made = parser;
        if (made == null) {
            made = new RuleParser(PlaceholderFile.read(placeholders));
            parser = made;
        }
        return made;
    }
}
