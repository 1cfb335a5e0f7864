package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the file system says of a name itself, never of where a link leads.
 *
 * @param mode permission bits with setuid, setgid and sticky, as {@code chmod} takes them
 * @param device number of the device that a device node stands for; 0 for all else
 * @param identity the same for all names of one file
 * @param links how many names it has
 */
record Stat(Kind kind, int mode, long bytes, Instant modified, long device, String identity, int links) {
    private static final int TYPE = 0xF000;

    /** Kinds of files, by the word that reports use. */
    enum Kind {
        FILE("file", 0x8000),
        DIRECTORY("directory", 0x4000),
        LINK("link", 0xA000),
        CHARACTER_DEVICE("character device", 0x2000),
        BLOCK_DEVICE("block device", 0x6000),
        FIFO("fifo", 0x1000),
        SOCKET("socket", 0xC000),
        OTHER("other", 0);

        private final String word;
        private final int bits;

        Kind(String word, int bits) {
            this.word = word;
            this.bits = bits;
        }

        String word() {
            return word;
        }

        static Kind of(int mode) {
            for (Kind kind : values()) {
                if (kind.bits == (mode & TYPE)) {
                    return kind;
                }
            }
            return OTHER;
        }
    }

    /** Where they come from; tests put whiteouts in, which only root can make. */
    interface Source {
        /** Of an absolute path, none of whose folders is a link; empty if there is nothing. */
        Optional<Stat> of(Path path) throws IOException;
    }

    /** By {@code lstat}. */
    static Optional<Stat> read(Path path) throws IOException {
        Map<String, Object> is;
        try {
            is = Files.readAttributes(
                    path, "unix:mode,size,lastModifiedTime,rdev,dev,ino,nlink", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        int mode = number(is, "mode").intValue();
        Kind kind = Kind.of(mode);
        boolean node = kind == Kind.CHARACTER_DEVICE || kind == Kind.BLOCK_DEVICE;
        return Optional.of(new Stat(
                kind,
                mode & 0xFFF,
                number(is, "size").longValue(),
                is.get("lastModifiedTime") instanceof FileTime time ? time.toInstant() : Instant.EPOCH,
                node ? number(is, "rdev").longValue() : 0,
                is.get("dev") + ":" + is.get("ino"),
                number(is, "nlink").intValue()));
    }

    private static Number number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number : 0;
    }

    /** How the kernel's overlay marks a name that the image has and the container has not. */
    boolean whiteout() {
        return kind == Kind.CHARACTER_DEVICE && device == 0;
    }

    boolean directory() {
        return kind == Kind.DIRECTORY;
    }

    boolean file() {
        return kind == Kind.FILE;
    }

    boolean mayRun() {
        return file() && (mode & 0111) != 0;
    }

    /** Whether who runs it becomes its owner or group. */
    boolean setuid() {
        return file() && (mode & 06000) != 0;
    }
}
