package io.kordon.streams.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlaybookLedgerTest {
    private final PlaybookLedger ledger = new PlaybookLedger(
            new PlaybookParser()
                    .parse("disk.yml", playbook("b", "from disk") + "---\n" + playbook("a", "from disk"))
                    .playbooks(),
            new PlaybookParser());

    @Test
    void putsPublishedPlaybooksInThePlaceOfThoseFromDisk() {
        assertThat(inForce()).containsExactly("b: from disk", "a: from disk");
        assertThat(ledger.changed()).isFalse();

        assertThat(ledger.publish("b", "b.yml:1", playbook("b", "published"))).isEmpty();
        assertThat(ledger.publish("c", "", playbook("c", "new"))).isEmpty();
        assertThat(ledger.changed()).isTrue();
        assertThat(inForce()).containsExactly("b: published", "a: from disk", "c: new");

        assertThat(ledger.publish("b", "b.yml:1", playbook("b", "published"))).isEmpty();
        assertThat(ledger.changed()).as("the same again").isFalse();
    }

    @Test
    void switchesOffByAnEmptyDocumentAndGivesBackByATombstone() {
        assertThat(ledger.publish("a", "", " \n")).isEmpty();
        assertThat(inForce()).containsExactly("b: from disk");
        ledger.forget("a");
        assertThat(inForce()).containsExactly("b: from disk", "a: from disk");
        ledger.forget("unknown");
        assertThat(ledger.changed()).isFalse();
    }

    @Test
    void keepsWhatWasInForceWhenADocumentCannotBeUsed() {
        ledger.publish("a", "", playbook("a", "good"));
        assertThat(ledger.publish("a", "mine.yml:3", "name: a\nsteps: [explode]\n"))
                .hasValueSatisfying(refusal -> assertThat(refusal.problem().toString())
                        .startsWith("published playbook a (mine.yml:3):2:")
                        .contains("unknown step 'explode'"));
        assertThat(ledger.publish("a", "", playbook("b", "of another name")))
                .hasValueSatisfying(
                        refusal -> assertThat(refusal.problem().message()).contains("another name: 'b'"));
        assertThat(ledger.publish("a", "", playbook("a", "1") + "---\n" + playbook("z", "2")))
                .hasValueSatisfying(
                        refusal -> assertThat(refusal.problem().message()).contains("2 playbooks"));
        assertThat(ledger.publish("a", "", "#".repeat(300_000))).isPresent();
        assertThat(ledger.publish("x".repeat(600), "", playbook("x", "t"))).isPresent();
        assertThat(inForce()).containsExactly("b: from disk", "a: good");
    }

    @Test
    void endsAtABound() {
        for (int i = 0; i < PlaybookLedger.MOST; i++) {
            assertThat(ledger.publish("p" + i, "", "")).isEmpty();
        }
        assertThat(ledger.publish("one-more", "", "")).isPresent();
        assertThat(ledger.publish("p7", "", playbook("p7", "known already"))).isEmpty();
    }

    private List<String> inForce() {
        return ledger.inForce().stream()
                .map(playbook -> playbook.name() + ": " + playbook.description())
                .toList();
    }

    private static String playbook(String name, String description) {
        return "name: " + name + "\ndescription: " + description + "\nsteps: [label]\n";
    }
}
