package io.kordon.app.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo keeps its state: a folder that the user names and that stays, or one that goes when the demo ends.
 *
 * @param folder absolute
 * @param temporary whether it goes
 * @param fresh whether no earlier run has left anything in it
 */
record DemoData(Path folder, boolean temporary, boolean fresh) implements AutoCloseable {
    /** A server that is on its way out may still write a file between the listing and the deletion. */
    private static final int DELETIONS = 5;

    static DemoData open(@Nullable Path named) {
        try {
            if (named == null) {
                Path folder = Files.createTempDirectory("kordon-demo-");
                // Elasticsearch may have to run as another user, who must be able to pass through.
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
                return new DemoData(folder, true, true);
            }
            Path folder = named.toAbsolutePath().normalize();
            boolean fresh = !Files.exists(folder.resolve("kafka"));
            Files.createDirectories(folder);
            return new DemoData(folder, false, fresh);
        } catch (IOException e) {
            throw new IllegalStateException("cannot use the data folder " + named + ": " + e, e);
        }
    }

    Path log() {
        return folder.resolve("kordon.log");
    }

    /** Takes the log out of a folder that goes; returns where it is then. */
    Path keepLog() {
        if (!temporary || !Files.exists(log())) {
            return log();
        }
        try {
            return Files.copy(log(), Path.of(folder + ".log"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the log", e);
        }
    }

    /** Deletes the folder if it is temporary. */
    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        IOException last = null;
        for (int attempt = 0; attempt < DELETIONS && Files.exists(folder); attempt++) {
            try {
                delete();
            } catch (IOException | UncheckedIOException e) {
                last = e instanceof IOException io ? io : ((UncheckedIOException) e).getCause();
            }
        }
        if (Files.exists(folder)) {
            throw new IllegalStateException("cannot delete the temporary folder " + folder + ": " + last, last);
        }
    }

    private void delete() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
