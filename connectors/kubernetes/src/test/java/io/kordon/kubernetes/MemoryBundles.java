package io.kordon.kubernetes;

import io.kordon.evidence.BundleWriter;
import io.kordon.evidence.Bundles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A store of bundles that a test can look into, and switch off. */
final class MemoryBundles implements Bundles {
    /** A file of the bundle. */
    static final class Piece {
        private final Map<String, String> facts;
        private final byte[] content;

        Piece(Map<String, String> facts, byte[] content) {
            this.facts = Map.copyOf(facts);
            this.content = content;
        }

        Map<String, String> facts() {
            return facts;
        }

        byte[] content() {
            return content;
        }

        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /** What the bundle that was sealed last holds. */
    final Map<String, Piece> pieces = new TreeMap<>();

    final Map<String, String> missing = new TreeMap<>();
    int begun;
    private final Map<BundleId, Sealed> sealed = new LinkedHashMap<>();
    private int failures;
    private IOException failure = new IOException("s3://evidence does not answer");
    private int failingSeals;

    /** The next calls fail, so many of them. */
    void away(int calls) {
        failures = calls;
    }

    /** The next calls fail so, so many of them. */
    void away(int calls, IOException how) {
        failures = calls;
        failure = how;
    }

    /** The next seals fail, so many of them. */
    void awayAtTheEnd(int seals) {
        failingSeals = seals;
    }

    /** As if nothing had ever been sealed: what a crash before the seal leaves. */
    void forget() {
        sealed.clear();
    }

    @Override
    public Optional<Sealed> sealed(BundleId id) throws IOException {
        check();
        return Optional.ofNullable(sealed.get(id));
    }

    @Override
    public List<Sealed> of(String cluster, String incidentId) {
        return List.copyOf(sealed.values());
    }

    @Override
    public BundleWriter begin(BundleId id) throws IOException {
        check();
        begun++;
        return new Writer(id);
    }

    private void check() throws IOException {
        if (failures > 0) {
            failures--;
            throw failure;
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private final class Writer implements BundleWriter {
        private final BundleId id;
        private final Map<String, Piece> taken = new TreeMap<>();
        private final List<String[]> notHad = new ArrayList<>();

        Writer(BundleId id) {
            this.id = id;
        }

        @Override
        public Added add(String name, String source, Map<String, String> facts, InputStream content, long limit)
                throws IOException {
            byte[] bytes = content.readNBytes((int) limit);
            boolean truncated = content.read() >= 0;
            if (taken.put(name, new Piece(facts, bytes)) != null) {
                throw new AssertionError("two pieces are named " + name);
            }
            return new Added(bytes.length, sha256(bytes), truncated);
        }

        @Override
        public void missing(String name, String source, String reason) {
            notHad.add(new String[] {name, reason});
        }

        @Override
        public Sealed seal() throws IOException {
            if (failingSeals > 0) {
                failingSeals--;
                failures = 1;
            }
            check();
            pieces.clear();
            pieces.putAll(taken);
            missing.clear();
            notHad.forEach(piece -> missing.merge(piece[0], piece[1], (a, b) -> a + "; " + b));
            long bytes = taken.values().stream()
                    .mapToLong(piece -> piece.content().length)
                    .sum();
            Sealed done = new Sealed(
                    id,
                    "memory://" + id.incidentId() + "/" + id.id(),
                    sha256(taken.keySet().toString().getBytes(StandardCharsets.UTF_8)),
                    Optional.empty(),
                    taken.size(),
                    bytes,
                    notHad.size(),
                    Instant.parse("2026-11-24T04:00:05Z"));
            sealed.put(id, done);
            return done;
        }

        @Override
        public void close() {
            taken.clear();
        }
    }
}
