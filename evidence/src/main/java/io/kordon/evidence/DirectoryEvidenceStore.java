package io.kordon.evidence;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Bundles in a folder, for whoever runs Kordon alone (files 0600, folders 0700). An object is written beside the others,
 * forced to disk and given its name by a hard link, which never replaces: at every moment it is there whole or not at all.
 * Symbolic links in the folder are nothing that Kordon made; none is followed.
 */
final class DirectoryEvidenceStore implements EvidenceStore {
    /** Where objects are written before they have their names. */
    static final String INCOMING = "=incoming";

    private static final Duration ABANDONED = Duration.ofDays(1);
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_READS = PosixFilePermissions.fromString("rw-------");

    private final Path root;
    private final Clock clock;
    private boolean tidied;

    /**
     * Opens a folder; it need not be there yet.
     *
     * @throws IOException where something else is there
     */
    DirectoryEvidenceStore(Path folder, Clock clock) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
            throw new IOException(absolute + " is no folder, so it cannot keep evidence");
        }
        // The address that somebody gave may well be a link; what is below it may not.
        this.root = Files.exists(absolute) ? absolute.toRealPath() : absolute;
        this.clock = clock;
    }

    @Override
    public boolean write(String key, Path content) throws IOException {
        try (InputStream bytes = Files.newInputStream(content)) {
            return write(key, bytes, "").isPresent();
        }
    }

    /**
     * Keeps a stream under a key.
     *
     * @param sha256 what its digest must be, else nothing is kept; empty for whatever it is
     * @return its digest; empty where the key was taken, or the digest is another
     */
    Optional<String> write(String key, InputStream content, String sha256) throws IOException {
        Path target = path(Key.checked(key));
        Path incoming = incoming().resolve(UUID.randomUUID() + ".part");
        try {
            MessageDigest digest = Digests.start();
            try (FileChannel file = FileChannel.open(
                            incoming,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(OWNER_READS));
                    DigestInputStream digested = new DigestInputStream(content, digest)) {
                digested.transferTo(Channels.newOutputStream(file));
                file.force(true);
            }
            String found = Digests.hex(digest.digest());
            if (!sha256.isEmpty() && !sha256.equals(found)) {
                return Optional.empty();
            }
            return link(incoming, target) ? Optional.of(found) : Optional.empty();
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    private boolean link(Path incoming, Path target) throws IOException {
        Path folder = folder(target);
        try {
            Files.createLink(target, incoming);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException | FileSystemException e) {
            throw new IOException(
                    "cannot give " + target + " its name by a hard link, which is how Kordon never writes over evidence"
                            + " (" + e.getMessage() + "); keep evidence on a file system that has them, or in S3",
                    e);
        }
        force(folder);
        return true;
    }

    @Override
    public Optional<InputStream> read(String key) throws IOException {
        Path file = path(Key.checked(key));
        if (!parentsAreFolders(file)) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new UnreadableObjectException(file + " is no file of Kordon's but "
                        + (attributes.isSymbolicLink() ? "a symbolic link" : "something else"));
            }
            return Optional.of(Files.newInputStream(file, NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<Stored> list(String prefix) throws IOException {
        Key.checkedPrefix(prefix);
        Path start = path(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        if (!Files.isDirectory(start, NOFOLLOW_LINKS) || !parentsAreFolders(start.resolve("x"))) {
            return List.of();
        }
        List<Stored> found = new ArrayList<>();
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return folder.equals(root.resolve(INCOMING)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String key = root.relativize(file).toString();
                if (key.startsWith(prefix)) {
                    found.add(new Stored(
                            key,
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()));
                }
                if (found.size() > Key.MOST_LISTED) {
                    throw new IOException("more than " + Key.MOST_LISTED + " objects below " + location(prefix));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(Comparator.comparing(Stored::key));
        return List.copyOf(found);
    }

    @Override
    public List<String> folders(String prefix) throws IOException {
        Key.checkedPrefix(prefix);
        Path start = path(prefix);
        if (!Files.isDirectory(start, NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(start)) {
            return entries.filter(entry -> Files.isDirectory(entry, NOFOLLOW_LINKS))
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals(INCOMING))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public String location(String prefix) {
        String address = path(prefix).toUri().toString();
        return prefix.endsWith("/") && !address.endsWith("/") ? address + "/" : address;
    }

    @Override
    public void close() {
        // nothing is held open between calls
    }

    private Path path(String key) {
        return root.resolve(key);
    }

    /** Makes the folder of a file, and each above it. */
    private Path folder(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null || !folder.startsWith(root)) {
            throw new IOException(file + " is not below " + root);
        }
        make(root);
        Path next = root;
        for (Path name : root.relativize(folder)) {
            next = name.toString().isEmpty() ? next : next.resolve(name);
            make(next);
        }
        return folder;
    }

    private void make(Path folder) throws IOException {
        if (folder.equals(root)) {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
            }
            return;
        }
        if (Files.isDirectory(folder, NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ALONE));
            force(folder.resolve(".."));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
                throw new IOException(folder + " is no folder of Kordon's but a file or a symbolic link", e);
            }
        }
    }

    private boolean parentsAreFolders(Path file) {
        for (Path parent = file.getParent();
                parent != null && parent.startsWith(root) && !parent.equals(root);
                parent = parent.getParent()) {
            if (!Files.isDirectory(parent, NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return true;
    }

    /** What a crash left in here for a day is nobody's any more. */
    private synchronized Path incoming() throws IOException {
        Path incoming = root.resolve(INCOMING);
        folder(incoming.resolve("x"));
        if (!tidied) {
            tidied = true;
            try (Stream<Path> parts = Files.list(incoming)) {
                for (Path part : parts.toList()) {
                    if (Files.getLastModifiedTime(part, NOFOLLOW_LINKS)
                            .toInstant()
                            .isBefore(clock.instant().minus(ABANDONED))) {
                        Files.deleteIfExists(part);
                    }
                }
            }
        }
        return incoming;
    }

    /** A name is on disk when its folder is. */
    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
