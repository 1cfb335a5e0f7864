package io.kordon.evidence.inspect;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A log of a container.
 *
 * @param path on the node
 * @param sha256 null where it could not be hashed
 * @param first time of the first line; null if it has none, as in an archive of an older one
 * @param last time of the last whole line
 * @param note why something is missing; empty if nothing is
 */
public record LogFile(
        String path,
        long bytes,
        @Nullable String sha256,
        @Nullable Instant first,
        @Nullable Instant last,
        String note) {}
