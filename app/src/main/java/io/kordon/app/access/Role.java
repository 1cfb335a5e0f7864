package io.kordon.app.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What has a Kafka user of its own: the processes, and the people behind the commands. */
public enum Role {
    TOPICS("`kordon topics`, at installation and upgrade"),
    GATEWAY("`kordon gateway`"),
    STREAMS("`kordon streams`"),
    INVENTORY("`kordon inventory`"),
    ACTUATOR("`kordon actuator`"),
    CONNECT("`kordon connect`"),
    ANALYST("people with `kordon incidents` and `kordon evidence`"),
    RULE_AUTHOR("people with `kordon rules`"),
    PLAYBOOK_AUTHOR("people with `kordon playbooks`");

    private final String who;

    Role(String who) {
        this.who = who;
    }

    /** As on the command line: {@code rule-author}. */
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For a reader. */
    public String who() {
        return who;
    }

    /**
     * The role of that spelling.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static Role of(String spelling) {
        return Arrays.stream(values())
                .filter(role -> role.spelling().equals(spelling))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + spelling + "' is none of " + String.join(", ", spellings())));
    }

    public static List<String> spellings() {
        return Arrays.stream(values()).map(Role::spelling).toList();
    }
}
