package io.kordon.app.published;

import io.kordon.avro.Rule;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;

/** What kind of document, and where it is published. */
public enum Shelf {
    RULES("rule") {
        @Override
        Topic<Rule> of(Topics topics) {
            return topics.rules();
        }
    },
    PLAYBOOKS("playbook") {
        @Override
        Topic<Rule> of(Topics topics) {
            return topics.playbooks();
        }
    };

    private final String one;

    Shelf(String one) {
        this.one = one;
    }

    abstract Topic<Rule> of(Topics topics);

    /** {@code rule} or {@code playbook}. */
    String one() {
        return one;
    }

    /** {@code rules} or {@code playbooks}: the command's name, too. */
    String many() {
        return one + "s";
    }
}
