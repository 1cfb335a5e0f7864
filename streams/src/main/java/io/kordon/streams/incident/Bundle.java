package io.kordon.streams.incident;

import org.jspecify.annotations.Nullable;

/**
 * Where a sealed bundle of evidence lies, and how to tell that it is still the same.
 *
 * @param location address, as {@code s3://bucket/prefix/}
 * @param digest SHA-256 of its manifest, hexadecimal
 * @param previous digest of the incident's bundle before this one; null for its first
 * @param origin {@code capture} or {@code inspect}
 * @param missing pieces that could not be had
 * @param sealedAt epoch microseconds
 */
public record Bundle(
        String location,
        String digest,
        @Nullable String previous,
        String origin,
        int files,
        long bytes,
        int missing,
        long sealedAt) {

    private static final int LONGEST_NAME = 128;

    public Bundle {
        location = Cut.to(Cut.DETAIL, location);
        digest = Cut.to(LONGEST_NAME, digest);
        previous = previous == null ? null : Cut.to(LONGEST_NAME, previous);
        origin = Cut.to(LONGEST_NAME, origin);
    }
}
