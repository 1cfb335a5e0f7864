package io.kordon.streams.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the placeholders of rules stand for here: {@code %Servers%} in a value with the modifier {@code expand}.
 *
 * @param values by name, without the percent signs; each value may hold wildcards, and any of them is meant
 * @see <a
 *     href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md#placeholders">
 *     Sigma rules, Placeholders</a>
 */
public record Placeholders(Map<String, List<String>> values) {
    /** None at all: every placeholder is unknown. */
    public static final Placeholders NONE = new Placeholders(Map.of());

    public Placeholders {
        Map<String, List<String>> copies = new LinkedHashMap<>();
        values.forEach((name, list) -> {
            if (name.isEmpty() || !name.chars().allMatch(Expansion::isName) || list.isEmpty()) {
                throw new IllegalArgumentException("placeholder '" + name
                        + "' needs a name of letters, digits and underscores, and at least one value");
            }
            copies.put(name, List.copyOf(list));
        });
        values = Map.copyOf(copies);
    }
}
