package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * containerd's data root. {@code meta.db} has {@code v1/NAMESPACE/containers/ID} with image, labels and a snapshot's key, and
 * {@code v1/NAMESPACE/snapshots/SNAPSHOTTER/KEY} with the name that the snapshotter knows it by. The snapshotter's own
 * {@code metadata.db} has {@code v1/snapshots/NAME} with a number, which is the folder's, and the parent's name.
 */
final class ContainerdRoot {
    private static final String META = "io.containerd.metadata.v1.bolt/meta.db";
    private static final String SNAPSHOTTER = "overlayfs";
    private static final String SNAPSHOTS = "io.containerd.snapshotter.v1.overlayfs";
    private static final int MOST_LAYERS = 1_000;

    /** Seconds from the year 1, which Go counts from, to 1970. */
    private static final long GO_EPOCH = 62_135_596_800L;

    private final Volume volume;
    private final Path root;
    private final Budget budget;

    ContainerdRoot(Volume volume, Path root, Budget budget) {
        this.volume = volume;
        this.root = root;
        this.budget = budget;
    }

    /** All containers of all namespaces. */
    List<Container> containers() throws IOException {
        Path meta = volume.find(root, Path.of(META))
                .orElseThrow(() -> new DamagedException(Names.shown(root) + " has no " + META));
        List<Container> containers = new ArrayList<>();
        try (SeekableByteChannel file = volume.read(meta)) {
            Bolt.Bucket all = Bolt.open(file, Names.shown(meta), budget.bounds().databaseBytes())
                    .root()
                    .bucket("v1");
            Snapshots snapshots = snapshots();
            for (String scope : all.buckets()) {
                read(scope, all.bucket(scope), snapshots, containers);
            }
        }
        return containers;
    }

    private void read(String scope, Bolt.Bucket namespace, Snapshots snapshots, List<Container> containers)
            throws IOException {
        Bolt.Bucket ids = namespace.bucket("containers");
        Bolt.Bucket images = namespace.bucket("images");
        Bolt.Bucket keys = namespace.bucket("snapshots").bucket(SNAPSHOTTER);
        for (String id : ids.buckets()) {
            if (containers.size() == budget.bounds().containers()) {
                budget.incomplete("more than " + containers.size() + " containers: the rest is left out");
                return;
            }
            try {
                containers.add(container(scope, id, ids.bucket(id), images, keys, snapshots));
            } catch (DamagedException e) {
                budget.incomplete("container " + Names.printable(id) + ": " + e.getMessage());
            }
        }
    }

    private Container container(
            String scope, String id, Bolt.Bucket entry, Bolt.Bucket images, Bolt.Bucket keys, Snapshots snapshots)
            throws IOException {
        Map<String, String> labels = entry.bucket("labels").texts();
        String image = entry.text("image").orElse(null);
        List<String> notes = new ArrayList<>();
        List<Path> chain = List.of();
        String snapshotter = entry.text("snapshotter").orElse("");
        String key = entry.text("snapshotKey").orElse("");
        if (!snapshotter.equals(SNAPSHOTTER)) {
            notes.add("its files are not looked at: they are with the snapshotter '" + Names.printable(snapshotter)
                    + "', not with " + SNAPSHOTTER);
        } else {
            String name = keys.bucket(key).text("name").orElse("");
            chain = snapshots.chain(name, notes);
        }
        return new Container(
                new Identity(
                        "containerd",
                        scope,
                        id,
                        "sandbox".equals(labels.get("io.cri-containerd.kind")),
                        labels.get("io.kubernetes.container.name"),
                        labels.get("io.kubernetes.pod.namespace"),
                        labels.get("io.kubernetes.pod.name"),
                        labels.get("io.kubernetes.pod.uid"),
                        image,
                        image == null
                                ? null
                                : images.bucket(image)
                                        .bucket("target")
                                        .text("digest")
                                        .orElse(null),
                        entry.value("createdat").map(ContainerdRoot::time).orElse(null)),
                chain.stream().findFirst(),
                chain.isEmpty() ? List.of() : chain.subList(1, chain.size()),
                List.of(),
                notes);
    }

    /** Go's {@code time.MarshalBinary}: version, seconds since the year 1, nanoseconds, offset; null if it is none. */
    static @Nullable Instant time(byte[] bytes) {
        if (bytes.length < 15 || (bytes[0] != 1 && bytes[0] != 2)) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            return Instant.ofEpochSecond(Math.subtractExact(buffer.getLong(1), GO_EPOCH), buffer.getInt(9));
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private Snapshots snapshots() throws IOException {
        Optional<Path> database = volume.find(root, Path.of(SNAPSHOTS, "metadata.db"));
        if (database.isEmpty()) {
            budget.incomplete(Names.shown(root) + " has no " + SNAPSHOTS + "/metadata.db: no files of containers");
            return new Snapshots(null);
        }
        try (SeekableByteChannel file = volume.read(database.orElseThrow())) {
            return new Snapshots(Bolt.open(
                            file,
                            Names.shown(database.orElseThrow()),
                            budget.bounds().databaseBytes())
                    .root()
                    .bucket("v1")
                    .bucket("snapshots"));
        } catch (DamagedException e) {
            budget.incomplete(String.valueOf(e.getMessage()));
            return new Snapshots(null);
        }
    }

    /** The snapshotter's: a container's own is the first of a chain, whose others are its image's layers. */
    private final class Snapshots {
        private final Bolt.@Nullable Bucket byName;

        Snapshots(Bolt.@Nullable Bucket byName) {
            this.byName = byName;
        }

        List<Path> chain(String name, List<String> notes) throws IOException {
            List<Path> chain = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            for (String at = name; !at.isEmpty() || chain.isEmpty(); ) {
                if (byName == null || !byName.buckets().contains(at)) {
                    notes.add("its snapshot '" + Names.printable(at) + "' is not known to the snapshotter");
                    return chain;
                }
                if (!seen.add(at) || chain.size() == MOST_LAYERS) {
                    throw new DamagedException("its snapshots lead in a circle, or over too many layers");
                }
                Bolt.Bucket snapshot = byName.bucket(at);
                long number = snapshot.value("id").map(ContainerdRoot::number).orElse(-1L);
                Optional<Path> folder = volume.find(root, Path.of(SNAPSHOTS, "snapshots", Long.toString(number), "fs"));
                if (folder.isEmpty()
                        || volume.stat(folder.orElseThrow())
                                .filter(Stat::directory)
                                .isEmpty()) {
                    notes.add("the folder of its snapshot '" + Names.printable(at) + "', number " + number
                            + ", is not there");
                    if (chain.isEmpty()) {
                        return chain; // Without its own files there is nothing to hold against the image.
                    }
                } else {
                    chain.add(folder.orElseThrow());
                }
                at = snapshot.text("parent").orElse("");
            }
            return chain;
        }
    }

    /** An unsigned number of seven bits a byte, the least first; -1 if it is none. */
    static long number(byte[] bytes) {
        long number = 0;
        for (int i = 0; i < bytes.length && i < 9; i++) {
            number |= (bytes[i] & 0x7FL) << (7 * i);
            if (bytes[i] >= 0) {
                return number;
            }
        }
        return -1;
    }
}
