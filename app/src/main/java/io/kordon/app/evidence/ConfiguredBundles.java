package io.kordon.app.evidence;

import io.kordon.app.config.Settings;
import io.kordon.evidence.BundleLimits;
import io.kordon.evidence.Bundles;
import io.kordon.evidence.EvidenceBundles;
import io.kordon.evidence.EvidenceConfig;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.EvidenceStores;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The store that settings name, opened, and the bundles in it; to be closed in the end. */
public final class ConfiguredBundles implements AutoCloseable {
    private static final long MAX_BUNDLE = 256L * 1024 * 1024;

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
        return open(settings, origin, store -> store);
    }

    /** As {@link #open(Settings, String)}, with the store's failures counted. */
    public static Optional<ConfiguredBundles> open(Settings settings, String origin, MeterRegistry metrics)
            throws IOException {
        return open(settings, origin, store -> new CountedStore(store, metrics));
    }

    private static Optional<ConfiguredBundles> open(
            Settings settings, String origin, UnaryOperator<EvidenceStore> watched) throws IOException {
        Clock clock = Clock.systemUTC();
        return Evidence.open(settings, clock)
                .map(watched)
                .map(store -> new ConfiguredBundles(store, Evidence.bundles(settings, store, origin, clock)));
    }

    public Bundles bundles() {
        return bundles;
    }

    /** Those of a folder, with a spool beside them. */
    public static ConfiguredBundles in(Path folder, String origin) throws IOException {
        Clock clock = Clock.systemUTC();
        EvidenceStore store = EvidenceStores.open(
                new EvidenceConfig(folder.toAbsolutePath().toString(), EvidenceConfig.S3.DEFAULT, Optional.empty()),
                clock);
        Path spool = folder.resolveSibling(folder.getFileName() + "-spool");
        return new ConfiguredBundles(
                store, new EvidenceBundles(store, spool, BundleLimits.ofBytes(MAX_BUNDLE), origin, clock));
    }

    public EvidenceStore store() {
        return store;
    }

    /** Address of the store, as {@code file:///…}. */
    public String location() {
        return store.location("");
    }

    @Override
    public void close() {
        bundles.close();
        store.close();
    }
}
