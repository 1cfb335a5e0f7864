package io.kordon.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundles of a store, and new ones by way of a spool on disk. Safe for several threads, and for several processes on
 * one store: manifests are numbered and never written over, so of two that seal at once one comes after the other.
 */
public final class EvidenceBundles implements Bundles, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EvidenceBundles.class);

    private final EvidenceStore store;
    private final Spool spool;
    private final BundleLimits limits;
    private final String origin;
    private final Clock clock;

    /**
     * Bundles of a store, which stays the caller's to close.
     *
     * @param spool folder on disk for bundles in the making; several processes may share one
     * @param origin who makes them: {@code capture} or {@code inspect}
     */
    public EvidenceBundles(EvidenceStore store, Path spool, BundleLimits limits, String origin, Clock clock) {
        this.store = store;
        this.spool = new Spool(spool, limits.spool());
        this.limits = limits;
        this.origin = Text.line(origin, 50);
        this.clock = clock;
    }

    @Override
    public Optional<Sealed> sealed(BundleId id) throws IOException {
        BundleId written = asWritten(id);
        return chain(written).stream()
                .filter(link -> link.is(written))
                .findFirst()
                .flatMap(Link::sealed);
    }

    @Override
    public BundleWriter begin(BundleId id) throws IOException {
        return new SpooledBundle(asWritten(id), origin, store, spool, limits, clock);
    }

    @Override
    public List<Sealed> of(String cluster, String incidentId) throws IOException {
        return chain(new BundleId(cluster, incidentId, "")).stream()
                .filter(link -> link.manifest()
                        .filter(found -> found.origin().equals(origin))
                        .isPresent())
                .flatMap(link -> link.sealed().stream())
                .toList();
    }

    private List<Link> chain(BundleId id) throws IOException {
        List<Link> chain = Link.chain(store, IncidentFolder.of(id.cluster(), id.incidentId()));
        chain.stream()
                .filter(link -> link.manifest().isEmpty())
                .forEach(link -> LOG.warn("the manifest of {} cannot be read: {}", link.location(), link.problem()));
        return chain;
    }

    /** A manifest's texts are bounded and printable, so the names to compare with must be. */
    private static BundleId asWritten(BundleId id) {
        return new BundleId(
                Text.line(id.cluster(), SpooledBundle.LONGEST_NAME),
                Text.line(id.incidentId(), SpooledBundle.LONGEST_NAME),
                Text.line(id.id(), SpooledBundle.LONGEST_NAME));
    }

    /** Removes the spool; what was begun and not sealed is gone. */
    @Override
    public void close() {
        try {
            spool.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the spool below " + spool.path() + " cannot be removed", e);
        }
    }
}
