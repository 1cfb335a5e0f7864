package io.kordon.schemas;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Why bytes went to the {@code rejected} topic. Travels in record headers, so that the value stays the very bytes that
 * arrived.
 *
 * @param component who refused: {@code gateway}, {@code streams} …
 * @param code stable, machine-readable cause, as {@code json.syntax}
 * @param detail for a reader: what, where and why
 * @param coordinates where the bytes came from: an HTTP path and item number, or topic, partition and offset
 */
public record Rejection(String component, String code, String detail, Map<String, String> coordinates) {
    /** Longest detail that is kept, in characters: details quote input, and input is the sender's. */
    public static final int MAX_DETAIL = 1_000;

    public static final String HEADER_PREFIX = "kordon.rejected.";

    public Rejection {
        detail = detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL) + "…";
        coordinates = Map.copyOf(coordinates);
    }

    /** The record to send: key and value as they came, cause and coordinates in headers. */
    public ProducerRecord<byte[], byte[]> record(
            String topic, byte @Nullable [] key, byte @Nullable [] value, Instant at) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, null, at.toEpochMilli(), key, value);
        headers().forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** Adds cause and coordinates to headers. */
    public void addTo(Headers headers) {
        headers().forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(HEADER_PREFIX + "component", component);
        headers.put(HEADER_PREFIX + "code", code);
        headers.put(HEADER_PREFIX + "detail", detail);
        coordinates.forEach((name, text) -> headers.put(HEADER_PREFIX + name, text));
        return headers;
    }
}
