package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.PrometheusEvent;
import io.kordon.decoding.AlertmanagerDecoder;
import io.kordon.decoding.AuditDecoder;
import io.kordon.decoding.Decoded;
import io.kordon.decoding.Decoder;
import io.kordon.decoding.FalcoDecoder;
import io.kordon.decoding.Origin;
import io.kordon.decoding.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What senders write, and what the shipped rules are to say of it: an entry of a file below {@code
 * src/test/resources/rules}.
 *
 * @param file without its ending: the name of the rule that it is about
 * @param expected names of the rules that match, all of them
 * @param sent in the order of arrival
 */
record RuleCase(String file, String about, Set<String> expected, List<Sent> sent) {
    static final Path FOLDER = Path.of("src/test/resources/rules");

    /** One event, as its sender writes it: {@code falco}, {@code alert} (one of a notification) or {@code audit}. */
    record Sent(String sender, String json) {
        private static final Map<String, Decoder> DECODERS =
                Map.of("falco", new FalcoDecoder(), "alert", new AlertmanagerDecoder(), "audit", new AuditDecoder());

        /** Passes it through its decoder and into the topology, as if it were received as soon as it can be. */
        void to(TopologyHarness kordon, String cluster) {
            Instant time = time(decode(cluster, Instant.parse("2100-01-01T00:00:00Z")));
            SpecificRecord event = decode(cluster, time.plusSeconds(sender.equals("alert") ? 30 : 1));
            if (event instanceof FalcoEvent falco) {
                kordon.falco(falco);
            } else if (event instanceof AuditEvent audit) {
                kordon.audit(audit);
            } else {
                kordon.alert((PrometheusEvent) event);
            }
        }

        private static Instant time(SpecificRecord event) {
            if (event instanceof FalcoEvent falco) {
                return falco.getTime();
            }
            return event instanceof AuditEvent audit ? audit.getTime() : ((PrometheusEvent) event).getStartsAt();
        }

        private SpecificRecord decode(String cluster, Instant receivedAt) {
            String body = sender.equals("alert")
                    ? "{\"version\":\"4\",\"status\":\"firing\",\"receiver\":\"kordon\",\"groupKey\":\"{}\",\"alerts\":["
                            + json + "]}"
                    : json;
            List<Decoded> decoded = new ArrayList<>();
            DECODERS.get(sender)
                    .decode(
                            Slice.of(body.getBytes(StandardCharsets.UTF_8)),
                            false,
                            new Origin(cluster, "test", receivedAt),
                            decoded::add);
            assertThat(decoded).as("%s", json).singleElement().isInstanceOf(Decoded.Valid.class);
            return ((Decoded.Valid) decoded.get(0)).event();
        }
    }

    static Stream<RuleCase> in(String folder) {
        return files(FOLDER.resolve(folder)).stream().flatMap(RuleCase::read);
    }

    static Stream<RuleCase> read(Path file) {
        String name = file.getFileName().toString().replace(".yml", "");
        try {
            List<?> entries = (List<?>) new Load(LoadSettings.builder()
                            .setLabel(file.toString())
                            .setCodePointLimit(16 << 20)
                            .build())
                    .loadFromString(Files.readString(file));
            return entries.stream().map(entry -> of(name, (Map<?, ?>) entry));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuleCase of(String file, Map<?, ?> entry) {
        Set<String> expected = new TreeSet<>();
        ((List<?>) entry.get("matches")).forEach(name -> expected.add((String) name));
        List<Sent> sent = entry.get("events") instanceof List<?> events
                ? events.stream().map(event -> sent((Map<?, ?>) event)).toList()
                : List.of(sent(entry));
        return new RuleCase(file, (String) entry.get("about"), expected, sent);
    }

    private static Sent sent(Map<?, ?> entry) {
        String sender = Sent.DECODERS.keySet().stream()
                .filter(entry::containsKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(entry + " has none of falco, alert, audit"));
        return new Sent(sender, (String) entry.get(sender));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return file + ": " + about;
    }
}
