package io.kordon.streams.rule;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What detections and correlations have in common, as the document declares it.
 *
 * @param id the document's {@code id}, else its {@code name}, else one made from the title
 * @param name by which correlations may refer to it, or null
 * @param title the document's title
 * @param version first 12 hexadecimal digits of the SHA-256 of the document's text; of a filtered rule in a {@link
 *     RuleSet}, of its filters' too
 * @param level as declared, null where the document has none
 * @param weight as declared under {@code kordon: {weight: n}}, in [0, 100], else null
 * @param playbook as declared under {@code kordon: {playbook: name}}, which a match asks for, else null
 * @param tags as written, {@code attack.t1190}
 * @param place where the document begins
 */
public record RuleHead(
        String id,
        @Nullable String name,
        String title,
        String version,
        @Nullable Level level,
        @Nullable Double weight,
        @Nullable String playbook,
        List<String> tags,
        Place place) {
    public RuleHead {
        if (id.isBlank() || title.isBlank() || version.isBlank()) {
            throw new IllegalArgumentException("a rule needs an id, a title and a version");
        }
        if (weight != null && !(weight >= 0 && weight <= 100)) {
            throw new IllegalArgumentException("weight must lie in [0, 100], not " + weight);
        }
        tags = List.copyOf(tags);
        Objects.requireNonNull(place, "place");
    }

    RuleHead withVersion(String effective) {
        return new RuleHead(id, name, title, effective, level, weight, playbook, tags, place);
    }

    RuleHead withLevel(Level inherited) {
        return new RuleHead(id, name, title, version, inherited, weight, playbook, tags, place);
    }
}
