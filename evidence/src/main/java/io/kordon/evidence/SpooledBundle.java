package io.kordon.evidence;

import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bundle in the making. Its files lie in the spool, numbered, until it is sealed; in the store they get a folder that
 * no other attempt has, so that what a crash left behind is never in the way, not even under an object lock.
 */
final class SpooledBundle implements BundleWriter {
    static final int LONGEST_NAME = 300;
    private static final int LONGEST_TEXT = 2_000;
    private static final int MOST_FACTS = 30;
    private static final int LONGEST_FACT = 500;
    private static final int MOST_MISSING = 2_000;

    /** Others may seal bundles of this incident meanwhile; so many at once are no accident. */
    private static final int MOST_TRIES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(SpooledBundle.class);

    private final BundleId id;
    private final String origin;
    private final EvidenceStore store;
    private final Spool spool;
    private final BundleLimits limits;
    private final Clock clock;
    private final IncidentFolder incident;
    private final String attempt;
    private final Instant created;
    private final Path folder;
    private final BundleNames names = new BundleNames();
    private final List<Manifest.Entry> files = new ArrayList<>();
    private final List<Manifest.Absence> missing = new ArrayList<>();
    private long missingOmitted;
    private long bytes;
    private long reserved;
    private boolean closed;

    SpooledBundle(BundleId id, String origin, EvidenceStore store, Spool spool, BundleLimits limits, Clock clock)
            throws IOException {
        this.id = id;
        this.origin = origin;
        this.store = store;
        this.spool = spool;
        this.limits = limits;
        this.clock = clock;
        this.incident = IncidentFolder.of(id.cluster(), id.incidentId());
        this.attempt = UUID.randomUUID().toString();
        this.created = now();
        this.folder = spool.begin();
    }

    @Override
    public Added add(String name, String source, Map<String, String> facts, InputStream content, long limit)
            throws IOException {
        requireOpen();
        if (limit < 0) {
            throw new IllegalArgumentException("a limit of " + limit + " bytes for " + Text.line(name, LONGEST_NAME));
        }
        if (files.size() >= limits.files()) {
            throw new BundleFullException("the bundle has " + limits.files() + " files, which is its limit");
        }
        if (bytes >= limits.bytes()) {
            throw new BundleFullException("the bundle has " + limits.bytes() + " bytes, which is its limit");
        }
        String free = names.free(name);
        Path file = spooled(files.size());
        long most = Math.min(limit, limits.bytes() - bytes);
        Added added;
        try {
            added = copy(content, file, most);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            spool.giveBack(reserved - bytes);
            reserved = bytes;
            throw e;
        }
        names.take(free);
        bytes += added.bytes();
        Map<String, String> bounded = bounded(facts);
        if (added.truncated() && most < limit) {
            bounded.put("truncatedBy", "the bundle's limit of " + limits.bytes() + " bytes");
        }
        files.add(new Manifest.Entry(
                free,
                added.bytes(),
                added.sha256(),
                now(),
                Text.line(source, LONGEST_TEXT),
                added.truncated(),
                bounded));
        return added;
    }

    private Added copy(InputStream content, Path file, long most) throws IOException {
        MessageDigest digest = Digests.start();
        byte[] buffer = new byte[Digests.BUFFER];
        long kept = 0;
        boolean truncated = false;
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                int wanted = (int) Math.min(read, most - kept);
                int room = (int) spool.reserve(wanted);
                reserved += room;
                out.write(buffer, 0, room);
                digest.update(buffer, 0, room);
                kept += room;
                if (room < wanted) {
                    throw new IOException("the spool " + spool.path() + " has reached its limit of " + limits.spool()
                            + " bytes: other bundles are in the making");
                }
                if (wanted < read) {
                    truncated = true;
                    break;
                }
            }
        }
        return new Added(kept, Digests.hex(digest.digest()), truncated);
    }

    private static Map<String, String> bounded(Map<String, String> facts) {
        Map<String, String> bounded = new TreeMap<>();
        facts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .limit(MOST_FACTS)
                .forEach(fact ->
                        bounded.put(Text.line(fact.getKey(), LONGEST_NAME), Text.line(fact.getValue(), LONGEST_FACT)));
        return bounded;
    }

    @Override
    public void missing(String name, String source, String reason) {
        requireOpen();
        if (missing.size() >= MOST_MISSING) {
            missingOmitted++;
            return;
        }
        missing.add(new Manifest.Absence(
                Text.line(name, LONGEST_NAME),
                Text.line(source, LONGEST_TEXT),
                Text.line(reason, LONGEST_TEXT),
                now()));
    }

    @Override
    public Sealed seal() throws IOException {
        requireOpen();
        List<Link> chain = Link.chain(store, incident);
        Optional<Sealed> before = ofThisCapture(chain);
        if (before.isPresent()) {
            return before.orElseThrow();
        }
        for (int i = 0; i < files.size(); i++) {
            store(files.get(i), spooled(i));
        }
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Optional<Sealed> sealed = writeManifest(chain);
            if (sealed.isPresent()) {
                return sealed.orElseThrow();
            }
            chain = Link.chain(store, incident); // another bundle took the number
        }
        throw new IOException("other bundles of " + store.location(incident.prefix()) + " took " + MOST_TRIES
                + " numbers while this one was to be sealed");
    }

    private void store(Manifest.Entry file, Path content) throws IOException {
        String key = incident.attempt(attempt) + file.name();
        if (!store.write(key, content) && !isStored(key, file)) {
            throw new IOException(store.location(key) + " was taken by something else");
        }
    }

    /** A client that tries again after its answer was lost finds its own object in the way. */
    private boolean isStored(String key, Manifest.Entry file) throws IOException {
        Optional<InputStream> found = store.read(key);
        if (found.isEmpty()) {
            return false;
        }
        try (InputStream content = found.orElseThrow()) {
            return Digests.hex(Digests.raw(content)).equals(file.sha256());
        }
    }

    /** Empty where the number was taken by a bundle of another capture. */
    private Optional<Sealed> writeManifest(List<Link> chain) throws IOException {
        int sequence = chain.isEmpty() ? 1 : chain.get(chain.size() - 1).sequence() + 1;
        if (sequence > IncidentFolder.MOST_BUNDLES) {
            throw new IOException("the last number of " + store.location(incident.prefix())
                    + " is taken: somebody numbered a bundle " + IncidentFolder.MOST_BUNDLES);
        }
        Manifest manifest = new Manifest(
                sequence,
                id,
                origin,
                attempt,
                created,
                now(),
                files.stream()
                        .sorted(Comparator.comparing(Manifest.Entry::name))
                        .toList(),
                missing,
                missingOmitted,
                chain.isEmpty()
                        ? Optional.empty()
                        : Optional.of(chain.get(chain.size() - 1).asPrevious()));
        byte[] content = ManifestJson.write(manifest);
        if (content.length > ManifestJson.LARGEST) {
            throw new IOException(
                    "the manifest would have " + content.length + " bytes; " + ManifestJson.LARGEST + " are the most");
        }
        Path file = Files.write(folder.resolve(IncidentFolder.MANIFEST), content);
        Optional<Sealed> sealed;
        try {
            store.write(incident.manifest(sequence), file);
            // What counts is what is there now, not what the store said.
            sealed = ofThisCapture(Link.chain(store, incident));
        } catch (IOException e) {
            sealed = afterFailure(e);
        }
        if (sealed.isPresent()) {
            LOG.info(
                    "sealed {} with {} files and {} bytes, {} missing: SHA-256 {}",
                    sealed.orElseThrow().location(),
                    files.size(),
                    bytes,
                    sealed.orElseThrow().missing(),
                    sealed.orElseThrow().digest());
        }
        return sealed;
    }

    /** A store that did it, and whose answer was lost, has sealed the bundle all the same. */
    private Optional<Sealed> afterFailure(IOException failure) throws IOException {
        try {
            Optional<Sealed> sealed = ofThisCapture(Link.chain(store, incident));
            if (sealed.isPresent()) {
                return sealed;
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        throw failure;
    }

    private Optional<Sealed> ofThisCapture(List<Link> chain) {
        return chain.stream().filter(link -> link.is(id)).findFirst().flatMap(Link::sealed);
    }

    private Path spooled(int number) {
        return folder.resolve(Integer.toString(number));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the bundle " + id.id() + " is closed");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Spool.remove(folder);
            spool.giveBack(reserved);
        } catch (IOException e) {
            throw new UncheckedIOException("the spool's " + folder + " cannot be removed", e);
        }
    }
}
