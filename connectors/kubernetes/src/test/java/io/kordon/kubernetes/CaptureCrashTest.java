package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.avro.StepStatus;
import io.kordon.evidence.BundleWriter;
import io.kordon.evidence.Bundles;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An actuator that dies in the middle of a capture, and comes back: one bundle in the end, and one cluster. */
class CaptureCrashTest extends CaptureContract {

    @Test
    void sealsOneBundleWhereverItDies() throws StepFailure {
        cluster.simulated().install("snapshot.storage.k8s.io", "v1", "VolumeSnapshot", "volumesnapshots", true);
        store(edit().editSpec()
                .addNewVolume()
                .withName("data")
                .withNewPersistentVolumeClaim()
                .withClaimName("data")
                .endPersistentVolumeClaim()
                .endVolume()
                .endSpec());
        captured();
        Map<String, String> expected = Snapshot.of(cluster.simulated());
        Set<String> pieces = Set.copyOf(bundles.pieces.keySet());
        assertThat(expected.keySet()).anyMatch(key -> key.startsWith("VolumeSnapshot "));

        for (int call = 1; call <= 2 + pieces.size(); call++) {
            bundles.forget();
            Mortal mortal = new Mortal(bundles, call);
            StepRun run = stepRun(uid(), false, Map.of());
            assertThatThrownBy(() -> step(mortal).run(run))
                    .as("dies at call %d", call)
                    .isInstanceOf(Death.class);
            assertThat(bundles.of(Commands.CLUSTER, "incident-1")).isEmpty();

            assertThat(capture(uid(), Map.of()).status()).isEqualTo(StepStatus.DONE);
            assertThat(bundles.of(Commands.CLUSTER, "incident-1")).hasSize(1);
            assertThat(bundles.pieces.keySet()).isEqualTo(pieces);
            assertThat(Snapshot.of(cluster.simulated())).isEqualTo(expected);
        }
    }

    private static CaptureStep step(Bundles mortal) {
        return new CaptureStep(new CaptureStep.Evidence(
                mortal,
                LIMITS,
                Clock.fixed(Commands.NOW, ZoneOffset.UTC),
                RetryPolicy.DEFAULT,
                RetryPolicy.Pause.SLEEP,
                ""));
    }

    /** What no code catches. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Lets its user die at the n-th call. */
    private static final class Mortal implements Bundles {
        private final Bundles bundles;
        private int left;

        Mortal(Bundles bundles, int left) {
            this.bundles = bundles;
            this.left = left;
        }

        private void live() {
            if (--left == 0) {
                throw new Death();
            }
        }

        @Override
        public Optional<Sealed> sealed(BundleId id) throws IOException {
            return bundles.sealed(id);
        }

        @Override
        public List<Sealed> of(String cluster, String incidentId) throws IOException {
            return bundles.of(cluster, incidentId);
        }

        @Override
        public BundleWriter begin(BundleId id) throws IOException {
            live();
            BundleWriter writer = bundles.begin(id);
            return new BundleWriter() {
                @Override
                public Added add(String name, String source, Map<String, String> facts, InputStream content, long limit)
                        throws IOException {
                    live();
                    return writer.add(name, source, facts, content, limit);
                }

                @Override
                public void missing(String name, String source, String reason) {
                    writer.missing(name, source, reason);
                }

                @Override
                public Sealed seal() throws IOException {
                    live();
                    return writer.seal();
                }

                @Override
                public void close() {
                    writer.close();
                }
            };
        }
    }
}
