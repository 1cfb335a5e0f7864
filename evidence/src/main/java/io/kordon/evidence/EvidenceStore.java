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
     * @throws IOException where the store refuses or is away; nothing is there then, and trying again is safe
     */
    boolean write(String key, Path content) throws IOException;

    /** The content under a key, to be closed by the caller; empty if there is none. */
    Optional<InputStream> read(String key) throws IOException;

    /** All objects whose keys begin so, by key. */
    List<Stored> list(String prefix) throws IOException;

    /** Address of what lies under keys that begin so, for a person: {@code s3://bucket/prefix} or {@code file:///…}. */
    String location(String prefix);

    @Override
    void close();
}
