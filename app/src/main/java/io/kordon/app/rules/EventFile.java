package io.kordon.app.rules;

import io.kordon.streams.json.JsonTree;
import io.kordon.streams.json.MalformedJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * One JSON document: the whole file, or one of its lines.
     *
     * @param line from 1, or null for the whole
     * @throws IllegalArgumentException when there is no such line, or too much of it
     */
    JsonTree document(@Nullable Long line) throws IOException, MalformedJson {
        byte[] bytes;
        try (InputStream in = open()) {
            bytes = line == null ? in.readNBytes(EventLines.LONGEST + 1) : OneLine.read(in, line);
        }
        if (bytes.length == 0 || bytes.length > EventLines.LONGEST) {
            throw new IllegalArgumentException(name()
                    + (line == null ? "" : ":" + line)
                    + (bytes.length == 0 ? ": there is no event" : ": more than " + EventLines.LONGEST + " bytes"));
        }
        return JsonTree.parse(bytes, 0, bytes.length);
    }

    /** Looks for one line. */
    private static final class OneLine implements EventLines.Reader {
        private final long wanted;
        private byte[] found = new byte[0];

        OneLine(long wanted) {
            this.wanted = wanted;
        }

        static byte[] read(InputStream in, long wanted) throws IOException {
            OneLine line = new OneLine(wanted);
            EventLines.read(in, line);
            return line.found;
        }

        @Override
        public void line(long number, byte[] bytes, int offset, int length) {
            if (number == wanted) {
                found = Arrays.copyOfRange(bytes, offset, offset + length);
            }
        }

        @Override
        public void tooLong(long number) {
            if (number == wanted) {
                found = new byte[EventLines.LONGEST + 1];
            }
        }

        @Override
        public boolean proceed() {
            return found.length == 0;
        }
    }
}
