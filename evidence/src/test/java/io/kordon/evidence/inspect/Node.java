package io.kordon.evidence.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** A node's volume for tests, in a folder, with what only root could make put in by {@link #stat}. */
final class Node {
    static final String SHOP = "aaaa111111111111111111111111111111111111111111111111111111111111";
    static final String CONTAINERD = "var/lib/containerd/";
    static final String SNAPSHOTS = CONTAINERD + "io.containerd.snapshotter.v1.overlayfs/snapshots/";

    /** What the container shop/web-1/app changed. */
    static final String UPPER = SNAPSHOTS + "300/fs/";

    static final String IMAGE_TOP = SNAPSHOTS + "2/fs/";
    static final String IMAGE_BASE = SNAPSHOTS + "1/fs/";
    static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final Path root;
    private final Set<Path> whiteouts = new HashSet<>();
    private final Map<String, Set<String>> opaque = new HashMap<>();

    private Node(Path root) {
        this.root = root;
    }

    static Node empty(Path root) {
        return new Node(root);
    }

    /** With containerd's databases as bbolt wrote them, and the folders of the snapshots in them. */
    static Node containerd(Path root) {
        Node node = new Node(root);
        node.resource("bolt/meta.db", CONTAINERD + "io.containerd.metadata.v1.bolt/meta.db");
        node.resource("bolt/metadata.db", CONTAINERD + "io.containerd.snapshotter.v1.overlayfs/metadata.db");
        for (int snapshot : new int[] {1, 2, 300, 4, 5}) {
            node.folder(SNAPSHOTS + snapshot + "/fs");
        }
        return node;
    }

    /** With one container of Docker's. */
    static Node docker(Path root, String id) {
        Node node = new Node(root);
        node.file("var/lib/docker/containers/" + id + "/config.v2.json", """
            {"ID": "%s", "Created": "2026-11-24T10:00:00.5Z", "Image": "sha256:1234", "Driver": "overlay2",
             "Config": {"Image": "shop:1", "Labels": {"io.kubernetes.container.name": "app",
              "io.kubernetes.docker.type": "container", "io.kubernetes.pod.name": "web-2",
              "io.kubernetes.pod.namespace": "shop", "io.kubernetes.pod.uid": "uid-2"}}}
            """.formatted(id));
        node.file("var/lib/docker/image/overlay2/layerdb/mounts/" + id + "/mount-id", "mount1");
        node.file("var/lib/docker/overlay2/mount1/lower", "l/INIT:l/BASE");
        node.folder("var/lib/docker/overlay2/mount1/diff");
        node.folder("var/lib/docker/overlay2/mount1-init/diff");
        node.folder("var/lib/docker/overlay2/base/diff");
        node.link("var/lib/docker/overlay2/l/INIT", "../mount1-init/diff");
        node.link("var/lib/docker/overlay2/l/BASE", "../base/diff");
        return node;
    }

    Path at(String path) {
        return root.resolve(path);
    }

    Node file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    Node file(String path, byte[] content) {
        return make(path, at -> {
            Files.write(at, content);
            Files.setLastModifiedTime(at, FileTime.from(NOW));
        });
    }

    Node mode(String path, String permissions) {
        return make(path, at -> Files.setPosixFilePermissions(at, PosixFilePermissions.fromString(permissions)));
    }

    Node folder(String path) {
        return make(path, Files::createDirectories);
    }

    Node link(String path, String target) {
        return make(path, at -> Files.createSymbolicLink(at, Path.of(target)));
    }

    Node resource(String resource, String path) {
        return make(path, at -> {
            try (InputStream in = Node.class.getClassLoader().getResourceAsStream(resource)) {
                Files.write(at, in.readAllBytes());
            }
        });
    }

    /** A character device 0/0, as the kernel's overlay marks what is deleted. */
    Node whiteout(String path) {
        whiteouts.add(at(path));
        return file(path, "");
    }

    /** A folder that hides the image's. */
    Node opaque(String layer, String folder) {
        opaque.computeIfAbsent(layer, key -> new HashSet<>()).add(folder);
        return folder(layer + folder);
    }

    Report inspect() throws IOException {
        return inspect(Inspection.Request.of(root));
    }

    Inspection.Request request() {
        return Inspection.Request.of(root);
    }

    Report inspect(Inspection.Request request) throws IOException {
        return inspect(request, System::nanoTime);
    }

    Report inspect(Inspection.Request request, LongSupplier nanos) throws IOException {
        return Inspection.run(request, CLOCK, nanos, this::stat, this::marks);
    }

    private Optional<Stat> stat(Path path) throws IOException {
        return whiteouts.contains(path)
                ? Optional.of(new Stat(Stat.Kind.CHARACTER_DEVICE, 0, 0, NOW, 0, "whiteout", 1))
                : Stat.read(path);
    }

    private OverlayMarks.Marks marks(Path layer) {
        return new OverlayMarks.Marks(opaque.getOrDefault(root.relativize(layer) + "/", Set.of()), Set.of());
    }

    private interface Making {
        void at(Path path) throws IOException;
    }

    private Node make(String path, Making making) {
        try {
            Files.createDirectories(at(path).getParent());
            making.at(at(path));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
