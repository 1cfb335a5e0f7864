package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.StepStatus;
import io.kordon.evidence.BundleLimits;
import io.kordon.evidence.BundleVerifier;
import io.kordon.evidence.EvidenceBundles;
import io.kordon.evidence.EvidenceConfig;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.EvidenceStores;
import io.kordon.evidence.IncidentFolder;
import io.kordon.evidence.Link;
import io.kordon.evidence.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A capture whose bundle takes no more: what came first is sealed, the rest is named. */
class FullBundleTest extends CaptureContract {
    private static final Clock CLOCK = Clock.fixed(Commands.NOW, ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void sealsWhatFitsByNumberAndNotesTheRest() throws Exception {
        Manifest manifest = captureInto(new BundleLimits(1 << 20, 3, 1 << 20));

        assertThat(manifest.files()).hasSize(3).extracting(Manifest.Entry::name).contains("pod.json");
        assertThat(manifest.missing())
                .anySatisfy(absence -> {
                    assertThat(absence.name()).isEqualTo("containers/tomcat/current.log");
                    assertThat(absence.reason()).contains("3 files, which is its limit");
                })
                .extracting(Manifest.Absence::name)
                .contains("capture.json");
    }

    @Test
    void sealsWhatFitsBySizeAndNotesTheRest() throws Exception {
        Manifest manifest = captureInto(new BundleLimits(300, 100, 1 << 20));

        assertThat(manifest.bytes()).isEqualTo(300);
        assertThat(manifest.files()).singleElement().satisfies(file -> {
            assertThat(file.name()).isEqualTo("pod.json");
            assertThat(file.truncated()).isTrue();
        });
        assertThat(manifest.missing()).extracting(Manifest.Absence::name).contains("containers/tomcat/current.log");
    }

    private Manifest captureInto(BundleLimits limits) throws IOException, StepFailure {
        try (EvidenceStore store = EvidenceStores.open(
                        EvidenceConfig.of(folder.resolve("store").toString()), CLOCK);
                EvidenceBundles bounded =
                        new EvidenceBundles(store, folder.resolve("spool"), limits, CaptureStep.ACTION, CLOCK)) {
            CaptureStep step = new CaptureStep(new CaptureStep.Evidence(
                    bounded,
                    LIMITS,
                    CLOCK,
                    new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(1)),
                    pauses::add,
                    ""));

            StepOutcome outcome = step.run(stepRun(uid(), false, Map.of()));

            assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
            assertThat(outcome.bundle()).isNotNull();
            IncidentFolder incident = IncidentFolder.of(Commands.CLUSTER, "incident-1");
            assertThat(new BundleVerifier(store)
                            .verify(incident, Optional.empty())
                            .problems())
                    .isEmpty();
            return Link.chain(store, incident).get(0).manifest().orElseThrow();
        }
    }
}
