package io.kordon.evidence;

import io.kordon.evidence.Bundles.BundleId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a bundle consists of. Written as canonical JSON (RFC 8785), so that one content has one digest.
 *
 * @param sequence the bundle's number within its incident, from 1 and without gaps
 * @param id which capture it is
 * @param origin who made it: {@code capture} or {@code inspect}
 * @param attempt name of the folder below {@code attempts/} that has its files, and nothing else
 * @param created when the capture began
 * @param sealed when this was written
 * @param files by name
 * @param missing pieces that could not be had
 * @param missingOmitted pieces that could not be had, beyond those that are listed
 * @param previous the incident's bundle before; empty for its first
 */
public record Manifest(
        int sequence,
        BundleId id,
        String origin,
        String attempt,
        Instant created,
        Instant sealed,
        List<Entry> files,
        List<Absence> missing,
        long missingOmitted,
        Optional<Previous> previous) {

    /**
     * One file.
     *
     * @param name path below the attempt's folder
     * @param sha256 hexadecimal
     * @param at when it was read to its end
     * @param source where it was read from
     * @param truncated whether it went on beyond what was kept
     * @param facts more about how it was had
     */
    public record Entry(
            String name,
            long bytes,
            String sha256,
            Instant at,
            String source,
            boolean truncated,
            Map<String, String> facts) {
        public Entry {
            require(BundleNames.isPath(name), "files[].name is no relative path of plain names", name);
            require(Digests.isHex(sha256), "files[].sha256 is not 64 hexadecimal digits", sha256);
            require(bytes >= 0, "files[].bytes is negative", Long.toString(bytes));
            facts = Map.copyOf(facts);
        }
    }

    /** A piece that could not be had. */
    public record Absence(String name, String source, String reason, Instant at) {}

    /**
     * The bundle before.
     *
     * @param digest SHA-256 of its manifest
     * @param id its capture; empty where its manifest could not be read
     * @param location its address when this one was written
     */
    public record Previous(String digest, String id, String location) {
        public Previous {
            require(Digests.isHex(digest), "previous.digest is not 64 hexadecimal digits", digest);
        }
    }

    public Manifest {
        require(sequence >= 1 && sequence <= IncidentFolder.MOST_BUNDLES, "sequence is out of range", "" + sequence);
        require(Key.isPart(attempt), "attempt is no name of a folder", attempt);
        files = List.copyOf(files);
        missing = List.copyOf(missing);
        require(
                files.stream().map(Entry::name).distinct().count() == files.size(),
                "files[] names one file twice",
                attempt);
    }

    /** Of all files together. */
    public long bytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    private static void require(boolean holds, String problem, String value) {
        if (!holds) {
            throw new IllegalArgumentException(problem + ": '" + Text.line(value, 100) + "'");
        }
    }
}
