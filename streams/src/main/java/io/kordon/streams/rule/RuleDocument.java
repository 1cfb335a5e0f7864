package io.kordon.streams.rule;

import java.util.Objects;

/**
 * One rule as one YAML document, from which it can be read again alone: what travels from where rules are kept to where
 * they are in force. A playbook travels in the same way.
 *
 * @param id the rule's id; a playbook's name
 * @param version the rule's version, which follows from {@code text}
 * @param place where the document begins
 * @param text the document as written, without the marker line that opens it; for a part of a rule collection ({@code
 *     action: global}) what that part and the collection make together
 */
public record RuleDocument(String id, String version, Place place, String text) {
    public RuleDocument {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(text, "text");
    }
}
