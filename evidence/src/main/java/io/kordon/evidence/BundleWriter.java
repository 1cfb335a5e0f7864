package io.kordon.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** One bundle in the making. Closing it unsealed leaves nothing that counts. Not for several threads at once. */
public interface BundleWriter extends AutoCloseable {

    /**
     * What became of a piece.
     *
     * @param truncated whether the content went on beyond the limit
     */
    record Added(long bytes, String sha256, boolean truncated) {}

    /**
     * Takes a file, streaming: no more than a buffer of it is in memory.
     *
     * @param name path inside the bundle, as {@code containers/tomcat/current.log}; characters that no path should have
     *     are escaped, and it never leaves the bundle
     * @param source where it was read from, as the request's path: goes into the manifest
     * @param facts more for the manifest, as how it was had and what was tried before
     * @param limit most bytes that are kept
     * @throws BundleFullException where the bundle takes no more: what it has can still be sealed
     * @throws IOException where {@code content} or the spool fails; the piece is not in the bundle then
     */
    Added add(String name, String source, Map<String, String> facts, InputStream content, long limit)
            throws IOException;

    /** Notes a piece that could not be had, and why. */
    void missing(String name, String source, String reason);

    /**
     * Stores all files, then the manifest.
     *
     * @throws IOException where the store refuses or is away: nothing is sealed, and the capture may be run again
     */
    Bundles.Sealed seal() throws IOException;

    @Override
    void close();
}
