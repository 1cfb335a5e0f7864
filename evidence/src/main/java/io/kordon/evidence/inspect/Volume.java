package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A mounted volume. Paths are relative to its root; {@link #find} makes those that the other methods take, with links
 * resolved as the node would, inside the root. Content is reached folder by folder, none of which may be a link: not even
 * one that is put there meanwhile leads out. Nothing is written.
 */
final class Volume {
    private static final Path HERE = Path.of("");
    private static final int MOST_LINKS = 40;
    private static final int MOST_NAMES = 4_096;
    private static final Set<java.nio.file.OpenOption> READ =
            Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private final Path root;
    private final Stat.Source stats;

    /**
     * The names in a folder, in order.
     *
     * @param cut whether there are more
     */
    record Listing(List<Path> names, boolean cut) {}

    Volume(Path root, Stat.Source stats) throws IOException {
        this.root = root.toRealPath();
        this.stats = stats;
        try (DirectoryStream<Path> top = Files.newDirectoryStream(this.root)) {
            if (!(top instanceof SecureDirectoryStream)) {
                throw new IOException(
                        "this system cannot open files without following links: inspect " + root + " on Linux");
            }
        }
    }

    Path root() {
        return root;
    }

    /**
     * Where a path leads, as on the node: links are followed, an absolute one from the root, and {@code ..} ends there.
     *
     * @return without links; empty if there is nothing
     * @throws DamagedException if links lead in circles
     */
    Optional<Path> find(String path) throws IOException {
        try {
            return find(HERE, Path.of(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The same from a folder of this volume. */
    Optional<Path> find(Path folder, Path path) throws IOException {
        Deque<Path> ahead = new ArrayDeque<>();
        push(ahead, path);
        Path at = path.isAbsolute() ? HERE : folder;
        int links = 0;
        for (int names = 0; !ahead.isEmpty(); names++) {
            if (names > MOST_NAMES) {
                throw new DamagedException(Names.shown(folder.resolve(path)) + " leads over too many names");
            }
            Path name = ahead.removeFirst();
            String text = name.toString();
            if (text.isEmpty() || text.equals(".")) {
                continue;
            }
            if (text.equals("..")) {
                at = at.getParent() == null ? HERE : at.getParent();
                continue;
            }
            Path next = at.resolve(name);
            Stat stat = stat(next).orElse(null);
            if (stat == null) {
                return Optional.empty();
            }
            if (stat.kind() == Stat.Kind.LINK) {
                if (++links > MOST_LINKS) {
                    throw new DamagedException(
                            Names.shown(folder.resolve(path)) + " leads over more than " + MOST_LINKS + " links");
                }
                Path target = link(next);
                at = target.isAbsolute() ? HERE : at;
                push(ahead, target);
                continue;
            }
            if (!stat.directory() && !ahead.isEmpty()) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }

    private static void push(Deque<Path> ahead, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            ahead.addFirst(path.getName(i));
        }
    }

    /** The folder, where there is one. */
    Optional<Path> folder(String path) throws IOException {
        Optional<Path> found = find(path);
        return found.isPresent() && isFolder(found.orElseThrow()) ? found : Optional.empty();
    }

    private boolean isFolder(Path path) throws IOException {
        return stat(path).filter(Stat::directory).isPresent();
    }

    Optional<Stat> stat(Path path) throws IOException {
        return stats.of(root.resolve(path));
    }

    /** Where a link points, as it is written. */
    Path link(Path path) throws IOException {
        return Files.readSymbolicLink(root.resolve(path));
    }

    Listing list(Path folder, int most) throws IOException {
        List<Path> names = new ArrayList<>();
        try (SecureDirectoryStream<Path> open = open(folder)) {
            for (Path entry : open) {
                if (names.size() == most) {
                    return sorted(names, true);
                }
                Path name = entry.getFileName();
                if (name != null) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return sorted(names, false);
    }

    private static Listing sorted(List<Path> names, boolean cut) {
        names.sort(Comparator.naturalOrder());
        return new Listing(names, cut);
    }

    /** Opens a regular file. Refuses all else before it is touched: a pipe would hang, a device would do something. */
    SeekableByteChannel read(Path file) throws IOException {
        Stat stat = stat(file).orElseThrow(() -> new DamagedException(Names.shown(file) + " is not there"));
        if (!stat.file()) {
            throw new DamagedException(
                    Names.shown(file) + " is a " + stat.kind().word() + " where a file should be");
        }
        Path folder = file.getParent() == null ? HERE : file.getParent();
        try (SecureDirectoryStream<Path> open = open(folder)) {
            return open.newByteChannel(name(file), READ);
        }
    }

    /**
     * All of a small file.
     *
     * @throws DamagedException if it is larger than {@code most} bytes
     */
    byte[] bytes(Path file, int most) throws IOException {
        try (SeekableByteChannel channel = read(file)) {
            if (channel.size() > most) {
                throw new DamagedException(Names.shown(file) + " has " + channel.size() + " bytes, more than " + most);
            }
            ByteBuffer content = ByteBuffer.allocate((int) channel.size());
            while (content.hasRemaining() && channel.read(content) >= 0) {}
            return java.util.Arrays.copyOf(content.array(), content.position());
        }
    }

    @SuppressWarnings("StreamResourceLeak") // the caller closes what is returned, and all else is closed here
    private SecureDirectoryStream<Path> open(Path folder) throws IOException {
        SecureDirectoryStream<Path> open = secure(Files.newDirectoryStream(root));
        if (folder.equals(HERE)) {
            return open;
        }
        for (Path name : folder) {
            try (SecureDirectoryStream<Path> parent = open) {
                open = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
            }
        }
        return open;
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new IOException("this system cannot open files without following links");
    }

    private static Path name(Path path) throws IOException {
        Path name = path.getFileName();
        if (name == null) {
            throw new DamagedException("a file without a name");
        }
        return name;
    }
}
