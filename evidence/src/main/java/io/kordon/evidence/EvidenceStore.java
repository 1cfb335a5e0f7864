package io.kordon.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where bundles are kept: a flat space of objects under keys with slashes. Objects are written whole or not at all, and
 * never over one that is there. Safe for several threads.
 *
 * <p>Keys are at most 700 of {@code A-Z a-z 0-9 . _ = -} and the slash; no part between slashes is empty, {@code .} or
 * {@code ..}. Others are refused with {@link IllegalArgumentException} before anything is touched.
 */
public interface EvidenceStore extends AutoCloseable {

    /**
     * An object of the store.
     *
     * @param bytes its size
     */
    record Stored(String key, long bytes, Instant modified) {}

    /**
     * Keeps a file's content under a key.
     *
     * @return false where the key was taken: what is there stays as it is
     * @throws IOException where the store refuses or is away; trying again is safe
     */
    boolean write(String key, Path content) throws IOException;

    /** The content under a key, to be closed by the caller; empty if there is none. */
    Optional<InputStream> read(String key) throws IOException;

    /**
     * All objects whose keys begin so, by key. What somebody else put there is listed too, under whatever key it has.
     *
     * @throws IOException where there are more than a million
     */
    List<Stored> list(String prefix) throws IOException;

    /**
     * What comes next in the keys below a folder, up to the next slash: {@code a/} gives {@code b} for {@code a/b/c}.
     *
     * @param prefix empty, or with a slash at its end
     */
    default List<String> folders(String prefix) throws IOException {
        return list(prefix).stream()
                .map(stored -> stored.key().substring(prefix.length()))
                .filter(rest -> rest.indexOf('/') > 0)
                .map(rest -> rest.substring(0, rest.indexOf('/')))
                .distinct()
                .toList();
    }

    /** Address of what lies under keys that begin so, for a person: {@code s3://bucket/prefix} or {@code file:///…}. */
    String location(String prefix);

    @Override
    void close();
}
