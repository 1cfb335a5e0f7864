package io.kordon.app.demo;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.evidence.Evidence;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Incident;
import io.kordon.evidence.BundleVerifier;
import io.kordon.evidence.EvidenceConfig;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.EvidenceStores;
import io.kordon.evidence.IncidentFolder;
import io.kordon.evidence.Problem;
import io.kordon.evidence.Verification;
import io.kordon.evidence.Witness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the pod's evidence is kept: sealed, every byte as its manifest says, and known to the incident. */
final class EvidenceCheck implements TraceCheck {
    private final Store store;

    private EvidenceCheck(Store store) {
        this.store = store;
    }

    /** Opens the store of evidence. */
    private interface Store {
        EvidenceStore open() throws IOException;
    }

    /** In a folder. */
    static EvidenceCheck in(Path folder) {
        return new EvidenceCheck(() -> EvidenceStores.open(
                new EvidenceConfig(folder.toAbsolutePath().toString(), EvidenceConfig.S3.DEFAULT, Optional.empty()),
                Clock.systemUTC()));
    }

    /** In the store that the settings name; empty where they name none. */
    static Optional<TraceCheck> of(Settings settings) {
        return settings.get(KordonSettings.EVIDENCE_STORE).isEmpty()
                ? Optional.empty()
                : Optional.of(new EvidenceCheck(
                        () -> Evidence.open(settings, Clock.systemUTC()).orElseThrow()));
    }

    @Override
    public String place() {
        return "evidence";
    }

    @Override
    public List<String> missing(Incident incident) {
        List<EvidenceBundle> bundles = incident.getBundles();
        if (bundles.isEmpty()) {
            return List.of("a bundle of evidence on the incident");
        }
        List<Witness> witnesses = bundles.stream()
                .map(bundle -> new Witness(bundle.getDigest(), bundle.getLocation()))
                .toList();
        IncidentFolder place = IncidentFolder.of(incident.getEntity().getCluster(), incident.getId());
        try (EvidenceStore kept = store.open()) {
            Verification found = new BundleVerifier(kept).verify(place, Optional.of(witnesses));
            List<String> missing =
                    new ArrayList<>(found.problems().stream().map(Problem::line).toList());
            if (found.files() == 0) {
                missing.add("files in the bundles of evidence");
            }
            return missing;
        } catch (IOException e) {
            return List.of("evidence that can be read: " + e.getMessage());
        }
    }
}
