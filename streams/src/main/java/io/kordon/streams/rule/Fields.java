package io.kordon.streams.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule can ask of an event. Field names are case-sensitive, as in the specification. */
public interface Fields {
    /**
     * The field's value: {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code BigInteger}, or a {@code
     * List} of these, of which any element may match. Null where the field is absent or JSON null. An object is given as
     * the list of the scalars in it.
     */
    @Nullable
    Object field(String name);

    /** Whether the event holds the field at all, be it null or empty. */
    boolean has(String name);

    /** Every text of the event, for keyword searches, which name no field. */
    default Iterable<String> texts() {
        return List.of();
    }
}
