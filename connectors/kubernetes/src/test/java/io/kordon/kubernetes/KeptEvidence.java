package io.kordon.kubernetes;

import io.kordon.evidence.BundleWriter;
import io.kordon.evidence.Bundles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A store of evidence that has what a test says it has. */
final class KeptEvidence implements Bundles {
    private final List<Sealed> bundles = new ArrayList<>();
    private @Nullable IOException outage;

    void keep(String incidentId) {
        bundles.add(new Sealed(
                new BundleId(Commands.CLUSTER, incidentId, "bundle-" + bundles.size()),
                "file:///evidence/",
                "0".repeat(64),
                Optional.empty(),
                1,
                1,
                0,
                Commands.NOW));
    }

    void breakDown(String why) {
        outage = new IOException(why);
    }

    @Override
    public Optional<Sealed> sealed(BundleId id) {
        return bundles.stream().filter(bundle -> bundle.id().equals(id)).findFirst();
    }

    @Override
    public BundleWriter begin(BundleId id) {
        throw new UnsupportedOperationException("nothing is captured here");
    }

    @Override
    public List<Sealed> of(String cluster, String incidentId) throws IOException {
        if (outage != null) {
            throw outage;
        }
        return bundles.stream()
                .filter(bundle -> bundle.id().cluster().equals(cluster)
                        && bundle.id().incidentId().equals(incidentId))
                .toList();
    }
}
