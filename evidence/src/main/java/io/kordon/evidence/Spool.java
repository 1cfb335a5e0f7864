package io.kordon.evidence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Disk space for bundles in the making. Each owner has a folder with a lock in it; a folder whose lock nobody holds was
 * left by one that died, and goes when the next begins. Safe for several threads.
 */
final class Spool implements AutoCloseable {
    private static final String OWN = "kordon-evidence-";
    private static final String LOCK = "lock";
    private static final int MOST_TRIES = 5;
    private static final Object CLAIMING = new Object();

    private final Path parent;
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private @Nullable Path folder;
    private @Nullable FileChannel lockFile;

    /**
     * Makes nothing yet: who only reads bundles needs no spool.
     *
     * @param limit bytes of all that is in it
     */
    Spool(Path parent, long limit) {
        this.parent = parent.toAbsolutePath().normalize();
        this.limit = limit;
    }

    /** A fresh folder for one bundle. */
    synchronized Path begin() throws IOException {
        Path own = folder == null ? open() : folder;
        return Files.createDirectory(
                own.resolve(UUID.randomUUID().toString()),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private Path open() throws IOException {
        Files.createDirectories(
                parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            if (claim()) {
                return Objects.requireNonNull(folder);
            }
        }
        throw new IOException("cannot lock a folder of the spool " + parent);
    }

    /** Of two in this process, one looks for what is abandoned while the other has no lock yet: so one after the other. */
    private boolean claim() throws IOException {
        synchronized (CLAIMING) {
            removeAbandoned();
            Path own = Files.createTempDirectory(
                    parent, OWN, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel channel =
                    FileChannel.open(own.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close(); // another process took it for abandoned
                return false;
            }
            lockFile = channel;
            folder = own;
            return true;
        }
    }

    private void removeAbandoned() throws IOException {
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent, OWN + "*")) {
            for (Path sibling : siblings) {
                if (isAbandoned(sibling)) {
                    remove(sibling);
                }
            }
        }
    }

    private static boolean isAbandoned(Path sibling) throws IOException {
        try (FileChannel channel = FileChannel.open(sibling.resolve(LOCK), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another's in this process
        } catch (NoSuchFileException e) {
            return false; // just being made, or just being removed
        }
    }

    /** Room for so many bytes, or for as many as there are; 0 when it is full. */
    long reserve(long bytes) {
        long before = used.getAndUpdate(now -> now + Math.min(bytes, limit - now));
        return Math.min(bytes, limit - before);
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    Path path() {
        return parent;
    }

    /** Removes a folder and what is in it, as far as it is there. */
    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public synchronized void close() throws IOException {
        if (folder != null) {
            remove(folder);
            folder = null;
        }
        if (lockFile != null) {
            lockFile.close();
            lockFile = null;
        }
    }
}
