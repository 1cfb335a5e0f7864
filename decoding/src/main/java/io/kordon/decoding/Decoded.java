package io.kordon.decoding;

import io.kordon.avro.Entity;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What became of one item of a request. */
public sealed interface Decoded {

    /**
     * An event, ready to be keyed by its entity.
     *
     * @param bytes the sender's JSON that it was made of
     */
    record Valid(SpecificRecord event, Entity entity, Slice bytes) implements Decoded {}

    /**
     * Not an event of this format.
     *
     * @param code stable and machine-readable: {@code json.syntax}, {@code json.limit}, {@code json.duplicate-key},
     *     {@code utf8.invalid}, {@code field.missing}, {@code field.type}, {@code field.value}, {@code field.too-large},
     *     {@code items.too-many}, {@code format.protobuf}
     * @param field path of the field at fault, as {@code alerts[].startsAt}; null where the whole is
     * @param detail for a reader, without the field's name
     * @param bytes what was refused, as it arrived
     */
    record Rejected(String code, @Nullable String field, String detail, Slice bytes) implements Decoded {
        /** Field and detail in one line. */
        public String reason() {
            return field == null ? detail : field + " " + detail;
        }
    }

    /**
     * Well-formed and not an event: Falco's own metrics snapshots, other logs among audit logs, what Alertmanager records of
     * itself.
     *
     * @param hostname of the Falco that speaks of itself; empty for other senders
     * @param counters cumulative numbers of events that the sender says it dropped, by their name; may be empty
     */
    record Ignored(String hostname, Map<String, Double> counters) implements Decoded {
        public Ignored {
            counters = Map.copyOf(counters);
        }

        static Ignored unmeasured() {
            return new Ignored("", Map.of());
        }
    }
}
