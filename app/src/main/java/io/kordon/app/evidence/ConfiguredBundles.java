package io.kordon.app.evidence;

import io.kordon.app.config.Settings;
import io.kordon.evidence.Bundles;
import io.kordon.evidence.EvidenceStore;
import java.io.IOException;
import java.util.Optional;

/**
 * The bundles of the store that settings name. The one place where {@code kordon evidence inspect} opens it.
 *
 * @param store to be closed in the end
 */
record ConfiguredBundles(Bundles bundles, EvidenceStore store) implements AutoCloseable {

    /** Opens it; empty where no store is set. No setting names one so far. */
    static Optional<ConfiguredBundles> open(Settings settings) throws IOException {
        return Optional.empty();
    }

    @Override
    public void close() {
        store.close();
    }
}
