package io.kordon.streams.senders;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.decoding.AuditDecoder;
import io.kordon.decoding.Decoded;
import io.kordon.decoding.Decoder;
import io.kordon.decoding.FalcoDecoder;
import io.kordon.decoding.Origin;
import io.kordon.decoding.Slice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shippers of logs: what they make of a line is decoded, and they neither lose anything nor send more than is taken. */
class ShippersTest {
    /** {@code kordon.gateway.max-body-size}. */
    private static final int MAX_BODY = 16 << 20;

    record Shipped(Path file, int line, Decoder decoder, String body) {
        static Stream<Shipped> of(String file) {
            Path path = SenderFiles.FOLDER.resolve(file);
            Decoder decoder = file.endsWith("falco.jsonl") ? new FalcoDecoder() : new AuditDecoder();
            List<Shipped> all = new ArrayList<>();
            List<String> lines = SenderFiles.text(path).lines().toList();
            for (String line : lines) {
                all.add(new Shipped(path, all.size() + 1, decoder, line));
            }
            // As they come in a request, and a record each as they come in a topic.
            all.add(new Shipped(path, 0, decoder, SenderFiles.text(path)));
            return all.stream();
        }

        List<Decoded> decode() {
            List<Decoded> decoded = new ArrayList<>();
            Origin origin = new Origin("prod", "vector", Instant.parse("2026-11-24T12:00:05Z"));
            decoder.decode(Slice.of(body.getBytes(StandardCharsets.UTF_8)), line == 0, origin, decoded::add);
            return decoded;
        }

        @Override
        public String toString() {
            return file + (line == 0 ? "" : ":" + line);
        }
    }

    static Stream<Shipped> shipped() {
        return Stream.of(
                        "vector/example.jsonl",
                        "vector/example-falco.jsonl",
                        "fluent-bit/example.jsonl",
                        "fluent-bit/example-falco.jsonl")
                .flatMap(Shipped::of);
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void makeLinesThatAreDecoded(Shipped shipped) {
        int lines = shipped.line() == 0
                ? (int) SenderFiles.text(shipped.file()).lines().count()
                : 1;
        assertThat(shipped.decode()).hasSize(lines).allMatch(decoded -> decoded instanceof Decoded.Valid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector/sink-gateway.yaml", "vector/sink-kafka.yaml", "vector/falco.yaml"})
    void vectorWaitsRatherThanLoses(String file) {
        Map<?, ?> sink = (Map<?, ?>) SenderFiles.at(SenderFiles.document(file), "sinks", "kordon");
        assertThat(SenderFiles.at(sink, "acknowledgements", "enabled")).isEqualTo(true);
        assertThat(SenderFiles.at(sink, "buffer", "type")).isEqualTo("disk");
        assertThat(SenderFiles.at(sink, "buffer", "when_full")).isEqualTo("block");
        if (sink.get("type").equals("http")) {
            assertThat((Integer) SenderFiles.at(sink, "batch", "max_bytes")).isLessThanOrEqualTo(MAX_BODY / 2);
            assertThat((Integer) SenderFiles.at(sink, "batch", "max_events")).isLessThanOrEqualTo(Decoder.MAX_ITEMS);
            assertThat(((Map<?, ?>) sink.get("request")).containsKey("retry_attempts"))
                    .as("without, it goes on for ever")
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"source-audit-log", "source-eks", "source-gke", "source-aks"})
    void vectorsSourcesEndInWhatItsSinksTake(String file) {
        Map<?, ?> document = SenderFiles.document("vector/" + file + ".yaml");
        List<Object> components = new ArrayList<>(((Map<?, ?>) document.get("sources")).keySet());
        if (document.get("transforms") instanceof Map<?, ?> transforms) {
            components.addAll(transforms.keySet());
            transforms
                    .values()
                    .forEach(each -> assertThat(components).containsAll((List<?>) ((Map<?, ?>) each).get("inputs")));
        }
        assertThat(components).contains("audit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "falco", "audit-kafka"})
    void fluentBitWaitsRatherThanLoses(String file) {
        Map<?, ?> document = SenderFiles.document("fluent-bit/" + file + ".yaml");
        Map<?, ?> input =
                SenderFiles.maps(SenderFiles.at(document, "pipeline", "inputs")).get(0);
        Map<?, ?> output = SenderFiles.maps(SenderFiles.at(document, "pipeline", "outputs"))
                .get(0);
        assertThat(SenderFiles.at(document, "service").toString()).contains("storage.path");
        assertThat(input.get("storage.type")).isEqualTo("filesystem");
        assertThat(input.get("storage.pause_on_chunks_overlimit")).isEqualTo(true);
        assertThat(input.containsKey("db")).as("remembers where it was").isTrue();
        assertThat(output.get("retry_limit")).isEqualTo("no_limits");
        assertThat(output.get("match")).isEqualTo(input.get("tag"));
    }
}
