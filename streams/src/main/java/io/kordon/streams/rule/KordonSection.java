package io.kordon.streams.rule;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * What Kordon adds to Sigma, under {@code kordon:}.
 *
 * @param weight of the rule in a score, in [0, 100], or null
 * @param playbook that a match asks for, or null
 * @param absent references to rules that must not match with a correlation's own
 * @param until references to rules that end what a correlation's own began
 */
record KordonSection(
        @Nullable Double weight, @Nullable String playbook, List<ScalarNode> absent, List<ScalarNode> until) {
    private static final KordonSection NOTHING = new KordonSection(null, null, List.of(), List.of());
    private static final int LONGEST_NAME = 256;

    /** For a detection. */
    static KordonSection ofDetection(YamlMap rule) {
        return read(rule, Set.of("weight", "playbook"), "'kordon' of a detection");
    }

    /** For a correlation. */
    static KordonSection ofCorrelation(YamlMap rule) {
        return read(rule, Set.of("weight", "playbook", "absent", "until"), "'kordon' of a correlation");
    }

    /** For a filter, which has no score and starts nothing. */
    static KordonSection ofFilter(YamlMap rule) {
        return read(rule, Set.of(), "'kordon' of a filter");
    }

    private static KordonSection read(YamlMap rule, Set<String> keys, String what) {
        Node node = rule.value("kordon");
        if (node == null) {
            return NOTHING;
        }
        YamlMap own = YamlMap.of(node, "'kordon'");
        own.allowOnly(keys, what);
        return new KordonSection(
                weight(own), playbook(own), References.read(own, "absent"), References.read(own, "until"));
    }

    RuleHead into(RuleHead head) {
        return new RuleHead(
                head.id(),
                head.name(),
                head.title(),
                head.version(),
                head.level(),
                weight,
                playbook,
                head.tags(),
                head.place());
    }

    private static @Nullable Double weight(YamlMap own) {
        Node value = own.value("weight");
        if (value == null) {
            return null;
        }
        BigDecimal weight = Tag.INT.equals(value.getTag()) || Tag.FLOAT.equals(value.getTag())
                ? NumberTest.number(((ScalarNode) value).getValue())
                : null; // what YAML takes for a number need not be one in decimal: .nan, 0x1F
        if (weight == null || weight.signum() < 0 || weight.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw Refusal.at(value, "'weight' must be a number in [0, 100]");
        }
        return weight.doubleValue();
    }

    private static @Nullable String playbook(YamlMap own) {
        String name = own.text("playbook");
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
            throw Refusal.at(own.key("playbook"), "'playbook' is a name of 1 to " + LONGEST_NAME + " characters");
        }
        return name;
    }
}
