package io.kordon.evidence;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The bundles of a store. A bundle is one incident's evidence of one capture; its manifest makes it whole. */
public interface Bundles {

    /**
     * Which bundle.
     *
     * @param id deterministic, as the command's: who asks for the same one again gets the one that is sealed
     */
    record BundleId(String cluster, String incidentId, String id) {}

    /**
     * A bundle whose manifest is written.
     *
     * @param location address, for a person
     * @param digest SHA-256 of {@code manifest.json}, hexadecimal
     * @param previous digest of the incident's bundle before; empty for its first
     * @param missing pieces that could not be had
     */
    record Sealed(
            BundleId id,
            String location,
            String digest,
            Optional<String> previous,
            int files,
            long bytes,
            int missing,
            java.time.Instant sealedAt) {}

    /** The bundle, if it is sealed already. */
    Optional<Sealed> sealed(BundleId id) throws IOException;

    /** Begins one; whatever an attempt before has left does no harm. */
    BundleWriter begin(BundleId id) throws IOException;

    /** All bundles of an incident that were sealed by those of this origin, in the order of their chain. */
    List<Sealed> of(String cluster, String incidentId) throws IOException;
}
