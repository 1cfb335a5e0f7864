package io.kordon.evidence.inspect;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not as in the image.
 *
 * @param path as the container sees it; what a terminal would obey is escaped
 * @param kind {@code file}, {@code directory}, {@code link}, {@code fifo} …
 * @param mode permission bits, octal
 * @param sha256 of a regular file's content; null where it is none or could not be hashed
 * @param executable whether it may be run, or begins as a program does
 * @param setuid whether who runs it becomes its owner or group
 * @param target where a link points; null for all else
 * @param matches indicators that it matches
 * @param note what else a reader should know; empty for nothing
 */
public record Change(
        How how,
        String path,
        String kind,
        long bytes,
        String mode,
        @Nullable Instant modified,
        @Nullable String sha256,
        boolean executable,
        boolean setuid,
        @Nullable String target,
        List<Indicators.Match> matches,
        String note) {

    /** Against the image. */
    public enum How {
        ADDED,
        CHANGED,
        DELETED
    }

    public Change {
        matches = List.copyOf(matches);
    }

    static Change deleted(String path, String note) {
        return new Change(How.DELETED, path, "", 0, "", null, null, false, false, null, List.of(), note);
    }
}
