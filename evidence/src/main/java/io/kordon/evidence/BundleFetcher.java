package io.kordon.evidence;

import io.kordon.evidence.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Copies bundles to a folder, which is then a store of its own and can be verified like one. Nothing there is written over,
 * and a file gets its name only after its digest was found to be the manifest's.
 */
public final class BundleFetcher {
    private final EvidenceStore store;
    private final Path to;
    private final DirectoryEvidenceStore copy;

    /** @throws IOException where something else than a folder is there */
    public BundleFetcher(EvidenceStore store, Path to, Clock clock) throws IOException {
        this.store = store;
        this.to = to;
        this.copy = new DirectoryEvidenceStore(to, clock);
    }

    /**
     * What was copied.
     *
     * @param files that are there now and as they should be, manifests not counted
     * @param problems what could not be copied, because the store has it not, or has something else
     */
    public record Fetched(int bundles, int files, long bytes, List<Problem> problems) {}

    /**
     * Copies an incident's bundles.
     *
     * @param sequence the one that is meant; empty for all
     * @throws IOException where the store is away, or the folder cannot be written to
     */
    public Fetched fetch(IncidentFolder incident, OptionalInt sequence) throws IOException {
        int bundles = 0;
        int files = 0;
        long bytes = 0;
        List<Problem> problems = new ArrayList<>();
        for (Link link : Link.chain(store, incident)) {
            if (sequence.isPresent() && sequence.orElseThrow() != link.sequence()) {
                continue;
            }
            bundles++;
            copyManifest(link).ifPresent(problems::add);
            if (link.manifest().isEmpty()) {
                problems.add(new Problem(
                        incident,
                        link.sequence(),
                        Kind.MANIFEST_UNREADABLE,
                        IncidentFolder.MANIFEST,
                        "",
                        link.problem()));
                continue;
            }
            for (Manifest.Entry file : link.manifest().orElseThrow().files()) {
                Optional<Problem> problem = copyFile(link, link.manifest().orElseThrow(), file);
                problem.ifPresent(problems::add);
                if (problem.isEmpty()) {
                    files++;
                    bytes += file.bytes();
                }
            }
        }
        return new Fetched(bundles, files, bytes, List.copyOf(problems));
    }

    private Optional<Problem> copyManifest(Link link) throws IOException {
        return copy(
                link,
                IncidentFolder.MANIFEST,
                link.folder().manifest(link.sequence()),
                link.digest(),
                ManifestJson.LARGEST);
    }

    private Optional<Problem> copyFile(Link link, Manifest manifest, Manifest.Entry file) throws IOException {
        String key = link.folder().attempt(manifest.attempt()) + file.name();
        return copy(link, file.name(), key, file.sha256(), file.bytes());
    }

    private Optional<Problem> copy(Link link, String name, String key, String sha256, long bytes) throws IOException {
        Optional<InputStream> there = copy.read(key);
        if (there.isPresent()) {
            return there(link, name, sha256, there.orElseThrow());
        }
        Optional<InputStream> found;
        try {
            found = store.read(key);
        } catch (UnreadableObjectException e) {
            return problem(link, Kind.FILE_UNREADABLE, name, "a file", String.valueOf(e.getMessage()));
        }
        if (found.isEmpty()) {
            return problem(link, Kind.FILE_MISSING, name, "SHA-256 " + sha256, "");
        }
        try (InputStream content = found.orElseThrow()) {
            // One byte more than there should be, so that more is another content; and no more, so that no disk fills.
            InputStream bounded = new Bounded(content, bytes + 1);
            Optional<String> digest = copy.write(key, bounded, sha256);
            return digest.isPresent()
                    ? Optional.empty()
                    : problem(link, Kind.FILE_DIGEST, name, "SHA-256 " + sha256, "something else; it was not copied");
        }
    }

    private Optional<Problem> there(Link link, String name, String sha256, InputStream there) throws IOException {
        try (InputStream content = there) {
            String digest = Digests.hex(Digests.raw(content));
            return digest.equals(sha256)
                    ? Optional.empty()
                    : problem(
                            link,
                            Kind.FILE_DIGEST,
                            name + " in " + to + ", which is left as it is",
                            "SHA-256 " + sha256,
                            "SHA-256 " + digest);
        }
    }

    private static Optional<Problem> problem(Link link, Kind kind, String name, String expected, String found) {
        return Optional.of(new Problem(link.folder(), link.sequence(), kind, name, expected, found));
    }

    /** The beginning of a stream. */
    private static final class Bounded extends InputStream {
        private final InputStream content;
        private long left;

        Bounded(InputStream content, long most) {
            this.content = content;
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = left == 0 ? -1 : content.read(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
