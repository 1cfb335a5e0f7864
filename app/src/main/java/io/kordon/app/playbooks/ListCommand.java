package io.kordon.app.playbooks;

import io.kordon.app.published.ListDocuments;
import io.kordon.app.published.Shelf;
import io.kordon.avro.Rule;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.PlaybookLedger;
import io.kordon.streams.response.PlaybookParser;
import io.kordon.streams.response.Step;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** The playbooks that are published. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the playbooks that are published. Instances have those from disk beside them.")
final class ListCommand extends ListDocuments {
    ListCommand() {
        super(Shelf.PLAYBOOKS, "MODE AND STEPS");
    }

    @Override
    protected State state(String name, Rule document) {
        PlaybookLedger ledger = new PlaybookLedger(List.of(), new PlaybookParser());
        return ledger.publish(name, "", document.getDocument())
                .map(why -> State.refused(why.problem().toString()))
                .orElseGet(() -> State.on(shown(ledger.inForce().get(0))));
    }

    private static String shown(Playbook playbook) {
        return playbook.mode().name().toLowerCase(Locale.ROOT).replace('_', '-') + ": "
                + playbook.steps().stream().map(Step::action).collect(Collectors.joining(", "));
    }
}
