package io.kordon.evidence;

import io.kordon.evidence.EvidenceStore.Stored;
import io.kordon.evidence.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One verification of one incident, part by part; it remembers what was found. */
final class IncidentCheck {
    private static final int MOST_PROBLEMS = 10_000;

    private final EvidenceStore store;
    private final IncidentFolder incident;
    private final Map<String, Stored> objects = new TreeMap<>();
    private final List<Link> chain;
    /** Sealed attempts: the number of the bundle that has it. */
    private final Map<String, Integer> owners = new HashMap<>();

    private final List<Problem> problems = new ArrayList<>();
    private long problemsOmitted;
    private long files;
    private long bytes;

    IncidentCheck(EvidenceStore store, IncidentFolder incident) throws IOException {
        this.store = store;
        this.incident = incident;
        List<Stored> listed = store.list(incident.prefix());
        listed.forEach(object -> objects.put(object.key(), object));
        this.chain = Link.among(store, incident, listed);
        chain.forEach(link -> objects.remove(incident.manifest(link.sequence())));
    }

    /** Every manifest can be read, stands where it belongs, and names the one before. */
    void manifests() {
        int expected = 1;
        Optional<Link> before = Optional.empty();
        for (Link link : chain) {
            boolean gap = link.sequence() != expected;
            if (gap) {
                missing(expected, link);
            }
            expected = link.sequence() + 1;
            if (link.manifest().isEmpty()) {
                problem(link.sequence(), Kind.MANIFEST_UNREADABLE, IncidentFolder.MANIFEST, "", link.problem());
            } else {
                place(link, link.manifest().orElseThrow());
                if (!gap) {
                    chained(link, link.manifest().orElseThrow(), before);
                }
            }
            before = Optional.of(link);
        }
    }

    private void missing(int first, Link after) {
        String range =
                after.sequence() - 1 == first ? number(first) : number(first) + " to " + number(after.sequence() - 1);
        String digest = after.manifest()
                .flatMap(Manifest::previous)
                .map(previous -> "SHA-256 " + previous.digest())
                .orElse("a manifest");
        problem(after.sequence() - 1, Kind.MANIFEST_MISSING, range, digest, "");
    }

    private void place(Link link, Manifest manifest) {
        String belongs = IncidentFolder.of(
                        manifest.id().cluster(), manifest.id().incidentId()) + "/" + number(manifest.sequence());
        String stands = incident + "/" + number(link.sequence());
        Integer owner = owners.putIfAbsent(incident.attempt(manifest.attempt()), link.sequence());
        if (!belongs.equals(stands)) {
            problem(link.sequence(), Kind.MANIFEST_MISPLACED, IncidentFolder.MANIFEST, stands, belongs);
        } else if (owner != null) {
            problem(
                    link.sequence(),
                    Kind.MANIFEST_MISPLACED,
                    "attempts/" + manifest.attempt(),
                    "files of its own",
                    "those of bundle " + number(owner));
        }
    }

    private void chained(Link link, Manifest manifest, Optional<Link> before) {
        String named = manifest.previous().map(Manifest.Previous::digest).orElse("");
        String there = before.map(Link::digest).orElse("");
        if (!named.equals(there)) {
            problem(link.sequence(), Kind.CHAIN_BROKEN, "previous.digest", named, there);
        }
    }

    /** Every file is there, byte for byte. */
    void files() throws IOException {
        for (Link link : chain) {
            if (link.manifest().isPresent()) {
                for (Manifest.Entry file : link.manifest().orElseThrow().files()) {
                    file(link, link.manifest().orElseThrow(), file);
                }
            }
        }
    }

    private void file(Link link, Manifest manifest, Manifest.Entry file) throws IOException {
        String key = incident.attempt(manifest.attempt()) + file.name();
        Stored stored = objects.get(key);
        if (stored == null) {
            problem(link.sequence(), Kind.FILE_MISSING, file.name(), "SHA-256 " + file.sha256(), "");
            return;
        }
        files++;
        if (stored.bytes() != file.bytes()) {
            problem(link.sequence(), Kind.FILE_SIZE, file.name(), file.bytes() + " bytes", stored.bytes() + " bytes");
            return;
        }
        bytes += stored.bytes();
        Optional<InputStream> found;
        try {
            found = store.read(key);
        } catch (UnreadableObjectException e) {
            problem(link.sequence(), Kind.FILE_UNREADABLE, file.name(), "a file", String.valueOf(e.getMessage()));
            return;
        }
        if (found.isEmpty()) {
            problem(link.sequence(), Kind.FILE_MISSING, file.name(), "SHA-256 " + file.sha256(), "");
            return;
        }
        String digest;
        try (InputStream content = found.orElseThrow()) {
            digest = Digests.hex(Digests.raw(content));
        }
        if (!digest.equals(file.sha256())) {
            problem(link.sequence(), Kind.FILE_DIGEST, file.name(), "SHA-256 " + file.sha256(), "SHA-256 " + digest);
        }
    }

    /** Nothing is there beside what the manifests name, and beside attempts that were never sealed. */
    void strangers() {
        Set<String> known = chain.stream()
                .flatMap(link -> link.manifest().stream())
                .flatMap(manifest ->
                        manifest.files().stream().map(file -> incident.attempt(manifest.attempt()) + file.name()))
                .collect(Collectors.toSet());
        for (String key : objects.keySet()) {
            if (known.contains(key)) {
                continue;
            }
            String attempt = incident.attemptOf(key);
            Integer owner = owners.get(attempt);
            if (owner != null) {
                problem(owner, Kind.FILE_UNKNOWN, key.substring(attempt.length()), "", size(key));
            } else if (attempt.isEmpty()) {
                problem(0, Kind.OBJECT_UNKNOWN, key, "", size(key));
            }
        }
    }

    private String size(String key) {
        Stored stored = objects.get(key);
        return stored == null ? "" : stored.bytes() + " bytes";
    }

    /**
     * The incident's record names the latest bundles. Each must be here; and each that is here must be one of them or,
     * through the chain, come before one of them.
     */
    void compare(List<Witness> witnesses) {
        Map<String, Link> byDigest = new HashMap<>();
        chain.forEach(link -> byDigest.put(link.digest(), link));
        for (Witness witness : witnesses) {
            if (!byDigest.containsKey(witness.digest())) {
                problem(0, Kind.NOT_IN_STORE, witness.location(), "SHA-256 " + witness.digest(), "");
            }
        }
        Set<String> vouched = witnesses.stream().map(Witness::digest).collect(Collectors.toCollection(HashSet::new));
        for (int i = chain.size() - 1; i >= 0; i--) {
            Link link = chain.get(i);
            if (vouched.contains(link.digest())) {
                link.manifest().flatMap(Manifest::previous).ifPresent(previous -> vouched.add(previous.digest()));
            } else {
                problem(link.sequence(), Kind.NOT_ON_INCIDENT, IncidentFolder.MANIFEST, "", "SHA-256 " + link.digest());
            }
        }
    }

    private List<Verification.Leftover> leftovers() {
        Map<String, List<Stored>> byAttempt = new LinkedHashMap<>();
        for (Stored object : objects.values()) {
            String attempt = incident.attemptOf(object.key());
            if (!attempt.isEmpty() && !owners.containsKey(attempt)) {
                byAttempt.computeIfAbsent(attempt, key -> new ArrayList<>()).add(object);
            }
        }
        return byAttempt.entrySet().stream()
                .map(entry -> new Verification.Leftover(
                        entry.getKey(),
                        entry.getValue().size(),
                        entry.getValue().stream().mapToLong(Stored::bytes).sum()))
                .toList();
    }

    Verification result(boolean witnessed) {
        return new Verification(
                incident, chain.size(), files, bytes, witnessed, problems, problemsOmitted, leftovers());
    }

    private void problem(int sequence, Kind kind, String what, String expected, String found) {
        if (problems.size() >= MOST_PROBLEMS) {
            problemsOmitted++;
            return;
        }
        problems.add(new Problem(incident, sequence, kind, what, expected, found));
    }

    private static String number(int sequence) {
        return String.format(Locale.ROOT, "%06d", sequence);
    }
}
