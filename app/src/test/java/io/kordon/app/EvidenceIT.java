package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.demo.Incidents;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Incident;
import io.kordon.evidence.BundleLimits;
import io.kordon.evidence.BundleWriter;
import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import io.kordon.evidence.EvidenceBundles;
import io.kordon.evidence.EvidenceConfig;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.EvidenceStores;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What only the incidents in Kafka show of a store that somebody else can write to. */
@ExtendWith(SharedStack.class)
class EvidenceIT {

    @Test
    void findsByTheIncidentsWhatTheStoreAloneCannotShow(EmbeddedStack stack, @TempDir Path folder) throws Exception {
        SiteRun.Site site = SiteRun.Site.create(stack, "evidence-it.");
        Path root = folder.resolve("store");
        String verify = "evidence verify --all --set kordon.evidence.store=" + root;
        Incident incident = Incidents.contained();
        String cluster = incident.getEntity().getCluster();
        List<EvidenceBundle> bundles = new ArrayList<>();
        try (EvidenceStore store = EvidenceStores.open(EvidenceConfig.of(root.toString()), Clock.systemUTC());
                EvidenceBundles writing = new EvidenceBundles(
                        store, folder.resolve("spool"), BundleLimits.DEFAULT, "capture", Clock.systemUTC())) {
            for (int i = 1; i <= 3; i++) {
                bundles.add(onIncident(seal(writing, new BundleId(cluster, incident.getId(), "cmd-" + i))));
            }
        }
        incident.setBundles(bundles);
        write(site, incident);

        SiteRun whole = site.run(verify);
        assertThat(whole.err()).isEmpty();
        assertThat(whole.out())
                .contains("3 bundles of 1 incidents")
                .contains("1 incidents compared with Kafka; no problems");
        assertThat(whole.code()).isZero();

        Path last = root.resolve(cluster + "/" + incident.getId() + "/000003/manifest.json");
        Files.delete(last);
        assertThat(site.run(verify + " --offline").code()).as("the chain alone").isZero();
        SiteRun removed = site.run(verify);
        assertThat(removed.code()).isEqualTo(1);
        assertThat(removed.out())
                .contains("the incident has a bundle that the store has not")
                .contains(bundles.get(2).getDigest());

        Files.move(root.resolve(cluster), folder.resolve("away"));
        SiteRun gone = site.run(verify.replace("--all", "--incident " + incident.getId()));
        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.out().lines().filter(line -> line.contains("the store has not")))
                .hasSize(3);
    }

    private static void write(SiteRun.Site site, Incident incident) throws InterruptedException {
        String topic = site.topics().incidents().name();
        site.send(topic, incident.getId(), site.bytes(topic, incident));
    }

    private static Sealed seal(EvidenceBundles bundles, BundleId id) throws Exception {
        try (BundleWriter bundle = bundles.begin(id)) {
            byte[] content = ("log of " + id.id()).getBytes(StandardCharsets.UTF_8);
            bundle.add("current.log", "/logs", Map.of(), new ByteArrayInputStream(content), 100);
            return bundle.seal();
        }
    }

    private static EvidenceBundle onIncident(Sealed sealed) {
        return EvidenceBundle.newBuilder()
                .setLocation(sealed.location())
                .setDigest(sealed.digest())
                .setPrevious(sealed.previous().orElse(null))
                .setOrigin("capture")
                .setFiles(sealed.files())
                .setBytes(sealed.bytes())
                .setMissing(sealed.missing())
                .setSealedAt(sealed.sealedAt())
                .build();
    }
}
