package io.kordon.gateway;

import io.kordon.decoding.Decoded;
import io.kordon.decoding.Origin;
import io.kordon.decoding.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/** The smallest event of each format: serialized to make a schema known to the registry, and never sent. */
final class Specimens {
    private Specimens() {}

    static SpecificRecord of(Webhook webhook) {
        String json = switch (webhook.source()) {
            case "falco" -> "{\"rule\":\"specimen\",\"time\":\"1970-01-01T00:00:00Z\"}";
            case "prometheus" ->
                "{\"version\":\"4\",\"status\":\"firing\",\"alerts\":[{\"labels\":{},"
                        + "\"startsAt\":\"1970-01-01T00:00:00Z\"}]}";
            default -> "{\"auditID\":\"specimen\",\"stage\":\"Panic\",\"verb\":\"get\"}";
        };
        SpecificRecord[] event = new SpecificRecord[1];
        webhook.decoder()
                .decode(
                        Slice.of(json.getBytes(StandardCharsets.UTF_8)),
                        false,
                        new Origin("specimen", "specimen", Instant.EPOCH),
                        item -> event[0] = ((Decoded.Valid) item).event());
        return event[0];
    }
}
