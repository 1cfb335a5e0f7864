package io.kordon.elasticsearch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Tactics of MITRE ATT&amp;CK, by the names that Sigma's tags use. Source: attack.mitre.org/tactics/enterprise (v17) and
 * the Sigma specification's appendix on tags; both spellings of Sigma, with {@code -} and with {@code _}, are understood.
 */
enum AttackTactic {
    RECONNAISSANCE("TA0043", "Reconnaissance"),
    RESOURCE_DEVELOPMENT("TA0042", "Resource Development"),
    INITIAL_ACCESS("TA0001", "Initial Access"),
    EXECUTION("TA0002", "Execution"),
    PERSISTENCE("TA0003", "Persistence"),
    PRIVILEGE_ESCALATION("TA0004", "Privilege Escalation"),
    DEFENSE_EVASION("TA0005", "Defense Evasion"),
    CREDENTIAL_ACCESS("TA0006", "Credential Access"),
    DISCOVERY("TA0007", "Discovery"),
    LATERAL_MOVEMENT("TA0008", "Lateral Movement"),
    COLLECTION("TA0009", "Collection"),
    COMMAND_AND_CONTROL("TA0011", "Command and Control"),
    EXFILTRATION("TA0010", "Exfiltration"),
    IMPACT("TA0040", "Impact");

    private static final Map<String, AttackTactic> BY_TAG =
            Arrays.stream(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

    private final String id;
    private final String title;

    AttackTactic(String id, String title) {
        this.id = id;
        this.title = title;
    }

    /** As {@code TA0002}. */
    String id() {
        return id;
    }

    /** As {@code Lateral Movement}. */
    String title() {
        return title;
    }

    /** The tactic of a tag without its {@code attack.}, as {@code lateral-movement}. */
    static Optional<AttackTactic> ofTag(String tag) {
        String name = tag.toUpperCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
        return Optional.ofNullable(BY_TAG.get(name));
    }
}
