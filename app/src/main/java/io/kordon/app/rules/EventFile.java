package io.kordon.app.rules;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where events come from: a file, or standard input, which is called {@code -}. */
record EventFile(String path) {
    private static final String STANDARD_INPUT = "-";

    String name() {
        return path.equals(STANDARD_INPUT) ? "standard input" : path;
    }

    /** @throws IllegalArgumentException when there is no such file */
    InputStream open() throws IOException {
        if (path.equals(STANDARD_INPUT)) {
            return System.in;
        }
        Path file = Path.of(path);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IllegalArgumentException(path + " is not a file that can be read");
        }
        return Files.newInputStream(file);
    }

    /** A mistyped path is not a bad rule: without its rules nothing matches, and all looks well. */
    static List<Path> readable(List<Path> paths) {
        for (Path path : paths) {
            if (!Files.isReadable(path)) {
                throw new IllegalArgumentException(path + " cannot be read");
            }
        }
        return paths;
    }
}
