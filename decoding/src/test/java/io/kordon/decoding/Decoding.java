package io.kordon.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Calls a decoder and looks at what it says. */
final class Decoding {
    static final Instant RECEIVED = Instant.parse("2026-11-24T12:00:00.123456Z");
    static final Origin ORIGIN = new Origin("demo", "anonymous", RECEIVED);

    private Decoding() {}

    static List<Decoded> decode(Decoder decoder, byte[] body, boolean lines) {
        List<Decoded> items = new ArrayList<>();
        decoder.decode(Slice.of(body), lines, ORIGIN, items::add);
        return items;
    }

    static List<Decoded> decode(Decoder decoder, String body) {
        return decode(decoder, body.getBytes(StandardCharsets.UTF_8), false);
    }

    static <E extends SpecificRecord> E only(Class<E> type, List<Decoded> items) {
        assertThat(items).hasSize(1);
        return event(type, items.get(0));
    }

    static <E extends SpecificRecord> E event(Class<E> type, Decoded item) {
        assertThat(item).isInstanceOf(Decoded.Valid.class);
        return type.cast(((Decoded.Valid) item).event());
    }

    static Decoded.Rejected rejected(List<Decoded> items) {
        assertThat(items).hasSize(1);
        return rejected(items.get(0));
    }

    static Decoded.Rejected rejected(Decoded item) {
        assertThat(item).isInstanceOf(Decoded.Rejected.class);
        return (Decoded.Rejected) item;
    }

    /** A text as a JSON string. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    static String text(Slice slice) {
        return new String(slice.copy(Integer.MAX_VALUE), StandardCharsets.UTF_8);
    }
}
