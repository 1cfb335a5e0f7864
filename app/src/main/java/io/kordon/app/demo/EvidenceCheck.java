package io.kordon.app.demo;

import io.kordon.app.evidence.ConfiguredBundles;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Incident;
import io.kordon.evidence.BundleVerifier;
import io.kordon.evidence.IncidentFolder;
import io.kordon.evidence.Problem;
import io.kordon.evidence.Verification;
import io.kordon.evidence.Witness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the pod's evidence is kept: sealed, every byte as its manifest says, and known to the incident. */
final class EvidenceCheck {
    private final Path folder;

    EvidenceCheck(Path folder) {
        this.folder = folder;
    }

    /** What is missing, in words; nothing when all is there. */
    List<String> missing(Incident incident) {
        List<EvidenceBundle> bundles = incident.getBundles();
        if (bundles.isEmpty()) {
            return List.of("a bundle of evidence on the incident");
        }
        List<Witness> witnesses = bundles.stream()
                .map(bundle -> new Witness(bundle.getDigest(), bundle.getLocation()))
                .toList();
        IncidentFolder place = IncidentFolder.of(incident.getEntity().getCluster(), incident.getId());
        try (ConfiguredBundles kept = ConfiguredBundles.in(folder, "check")) {
            Verification found = new BundleVerifier(kept.store()).verify(place, Optional.of(witnesses));
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
