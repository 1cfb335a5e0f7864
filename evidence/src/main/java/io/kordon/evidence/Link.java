package io.kordon.evidence;

import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One manifest in an incident's chain, as it is found in the store.
 *
 * @param sequence the number that it is stored under
 * @param digest SHA-256 of its bytes
 * @param manifest empty where it cannot be read
 * @param problem why it cannot be read; empty if it can
 */
public record Link(
        IncidentFolder folder,
        int sequence,
        String location,
        String digest,
        Optional<Manifest> manifest,
        String problem) {

    /** All of an incident's, in order. */
    public static List<Link> chain(EvidenceStore store, IncidentFolder folder) throws IOException {
        List<Link> chain = new ArrayList<>();
        // By folders and not by objects: an incident may have thousands of files.
        for (String name : store.folders(folder.prefix())) {
            OptionalInt sequence = folder.sequence(folder.prefix() + name + "/" + IncidentFolder.MANIFEST);
            if (sequence.isPresent()) {
                read(store, folder, sequence.orElseThrow()).ifPresent(chain::add);
            }
        }
        return List.copyOf(chain);
    }

    /** Those among its objects. */
    static List<Link> among(EvidenceStore store, IncidentFolder folder, List<EvidenceStore.Stored> objects)
            throws IOException {
        List<Link> chain = new ArrayList<>();
        for (EvidenceStore.Stored object : objects) {
            OptionalInt sequence = folder.sequence(object.key());
            if (sequence.isPresent()) {
                read(store, folder, sequence.orElseThrow()).ifPresent(chain::add);
            }
        }
        return List.copyOf(chain);
    }

    private static Optional<Link> read(EvidenceStore store, IncidentFolder folder, int sequence) throws IOException {
        Optional<InputStream> found;
        try {
            found = store.read(folder.manifest(sequence));
        } catch (UnreadableObjectException e) {
            String nothing = Digests.of(new byte[0]);
            return Optional.of(unreadable(store, folder, sequence, nothing, String.valueOf(e.getMessage())));
        }
        if (found.isEmpty()) {
            return Optional.empty(); // removed since it was listed
        }
        return Optional.of(read(store, folder, sequence, found.orElseThrow()));
    }

    private static Link read(EvidenceStore store, IncidentFolder folder, int sequence, InputStream found)
            throws IOException {
        byte[] bytes;
        try (InputStream content = found) {
            bytes = content.readNBytes(ManifestJson.LARGEST + 1);
        }
        String digest = Digests.of(bytes);
        if (bytes.length > ManifestJson.LARGEST) {
            return unreadable(store, folder, sequence, digest, "it is larger than " + ManifestJson.LARGEST + " bytes");
        }
        try {
            Manifest manifest = ManifestJson.read(bytes);
            return new Link(
                    folder, sequence, store.location(folder.bundle(sequence)), digest, Optional.of(manifest), "");
        } catch (IllegalArgumentException e) {
            return unreadable(store, folder, sequence, digest, String.valueOf(e.getMessage()));
        }
    }

    private static Link unreadable(
            EvidenceStore store, IncidentFolder folder, int sequence, String digest, String problem) {
        return new Link(folder, sequence, store.location(folder.bundle(sequence)), digest, Optional.empty(), problem);
    }

    /** Whether it is this bundle: a manifest that was put where another belongs is not. */
    boolean is(BundleId id) {
        return manifest.filter(found -> found.id().equals(id) && found.sequence() == sequence)
                .isPresent();
    }

    Optional<Sealed> sealed() {
        return manifest.map(found -> new Sealed(
                found.id(),
                location,
                digest,
                found.previous().map(Manifest.Previous::digest),
                found.files().size(),
                found.bytes(),
                (int) Math.min(Integer.MAX_VALUE, found.missing().size() + found.missingOmitted()),
                found.sealed()));
    }

    /** How the next one names this. */
    Manifest.Previous asPrevious() {
        return new Manifest.Previous(
                digest, manifest.map(found -> found.id().id()).orElse(""), location);
    }
}
