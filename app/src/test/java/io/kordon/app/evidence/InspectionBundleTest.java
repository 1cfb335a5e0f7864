package io.kordon.app.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.avro.EvidenceBundle;
import io.kordon.evidence.BundleWriter;
import io.kordon.evidence.Bundles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InspectionBundleTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final InspectionBundle bundle = new InspectionBundle(
            "/mnt/node", "{}".getBytes(StandardCharsets.UTF_8), "name: x\n", List.of("/var cannot be read"));

    @Test
    void sealsReportAndIndicatorsAndSaysWhatIsMissing() throws IOException {
        Recorded store = new Recorded(false);
        EvidenceBundle sealed = bundle.seal(store, "it", "inc-1");
        assertThat(store.said)
                .containsExactly(
                        "begin it inc-1 inspect-44136fa355b3678a1146ad16f7e8649e",
                        "report.json from /mnt/node: {}",
                        "indicators.txt from /mnt/node: name: x\n",
                        "missing volume: /var cannot be read",
                        "seal",
                        "close");
        assertThat(sealed.getOrigin()).isEqualTo("inspect");
        assertThat(sealed.getDigest()).isEqualTo("digest");
        assertThat(sealed.getPrevious()).isEqualTo("before");
        assertThat(sealed.getSealedAt()).isEqualTo(NOW);
    }

    @Test
    void takesTheSealedOneWhenAskedTwice() throws IOException {
        Recorded store = new Recorded(false);
        bundle.seal(store, "it", "inc-1");
        store.said.clear();
        assertThat(bundle.seal(store, "it", "inc-1").getDigest()).isEqualTo("digest");
        assertThat(store.said).isEmpty();
    }

    @Test
    void sealsNoReportThatWasCut() {
        Recorded store = new Recorded(true);
        assertThatThrownBy(() -> bundle.seal(store, "it", "inc-1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("report.json was not taken whole");
        assertThat(store.said).doesNotContain("seal").endsWith("close");
    }

    /** Bundles that note what is done to them. */
    private static final class Recorded implements Bundles, BundleWriter {
        private final List<String> said = new ArrayList<>();
        private final boolean cuts;
        private Optional<Sealed> sealed = Optional.empty();

        Recorded(boolean cuts) {
            this.cuts = cuts;
        }

        @Override
        public Optional<Sealed> sealed(BundleId id) {
            return sealed;
        }

        @Override
        public BundleWriter begin(BundleId id) {
            said.add("begin " + id.cluster() + " " + id.incidentId() + " " + id.id());
            return this;
        }

        @Override
        public List<Sealed> of(String cluster, String incidentId) {
            return sealed.stream().toList();
        }

        @Override
        public Added add(String name, String source, Map<String, String> facts, InputStream content, long limit)
                throws IOException {
            byte[] bytes = content.readAllBytes();
            said.add(name + " from " + source + ": " + new String(bytes, StandardCharsets.UTF_8));
            return new Added(cuts ? 1 : bytes.length, "0".repeat(64), cuts);
        }

        @Override
        public void missing(String name, String source, String reason) {
            said.add("missing " + name + ": " + reason);
        }

        @Override
        public Sealed seal() {
            said.add("seal");
            BundleId id = new BundleId("it", "inc-1", "x");
            sealed = Optional.of(new Sealed(id, "file:///b/", "digest", Optional.of("before"), 2, 10, 1, NOW));
            return sealed.orElseThrow();
        }

        @Override
        public void close() {
            said.add("close");
        }
    }
}
