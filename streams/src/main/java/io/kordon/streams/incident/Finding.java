package io.kordon.streams.incident;

import io.kordon.streams.rule.Level;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Something that an examination of a pod's remains has found. Paths and details come from a file system that an attacker
 * wrote: they are cut, or a hundred of them would be a state too large to store.
 *
 * @param kind {@code indicator}, {@code added}, {@code changed} or {@code executable}
 * @param container id of the container, null where unknown
 * @param path inside the container
 * @param sha256 of the file's content, null where it was not read
 * @param indicator name of the indicator that it matches, null for none
 */
public record Finding(
        String kind,
        @Nullable String container,
        String path,
        @Nullable String sha256,
        long bytes,
        @Nullable String indicator,
        Level level,
        String detail) {

    /** The worst first; then by what they are, so that the order does not depend on the order of reports. */
    static final Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::level, Comparator.reverseOrder())
            .thenComparing(Finding::kind)
            .thenComparing(Finding::path)
            .thenComparing(Finding::toString);

    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_PATH = 512;
    private static final int LONGEST_DETAIL = 256;

    public Finding {
        kind = Cut.to(LONGEST_NAME, kind);
        container = container == null ? null : Cut.to(LONGEST_NAME, container);
        path = Cut.to(LONGEST_PATH, path);
        sha256 = sha256 == null ? null : Cut.to(LONGEST_NAME, sha256);
        indicator = indicator == null ? null : Cut.to(LONGEST_NAME, indicator);
        detail = Cut.to(LONGEST_DETAIL, detail);
    }
}
