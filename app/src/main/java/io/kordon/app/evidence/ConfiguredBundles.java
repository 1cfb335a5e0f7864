package io.kordon.app.evidence;

import io.kordon.app.config.Settings;
import io.kordon.evidence.Bundles;
import io.kordon.evidence.EvidenceBundles;
import io.kordon.evidence.EvidenceStore;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** The store that settings name, opened, and the bundles in it; to be closed in the end. */
public final class ConfiguredBundles implements AutoCloseable {
    private final EvidenceStore store;
    private final EvidenceBundles bundles;

    private ConfiguredBundles(EvidenceStore store, EvidenceBundles bundles) {
        this.store = store;
        this.bundles = bundles;
    }

    /**
     * Opens it; empty where no store is set.
     *
     * @param origin {@code capture} or {@code inspect}
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    public static Optional<ConfiguredBundles> open(Settings settings, String origin) throws IOException {
        Clock clock = Clock.systemUTC();
        return Evidence.open(settings, clock)
                .map(store -> new ConfiguredBundles(store, Evidence.bundles(settings, store, origin, clock)));
    }

    public Bundles bundles() {
        return bundles;
    }

    /** Address of the store, as {@code file:///…}. */
    String location() {
        return store.location("");
    }

    @Override
    public void close() {
        bundles.close();
        store.close();
    }
}
