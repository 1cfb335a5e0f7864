package io.kordon.kubernetes.capture;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The last bytes of a log, in a file that is written around and around. The API's own {@code limitBytes} keeps the first
 * ones, and {@code tailLines} bounds no bytes: the end is where the attacker is.
 */
final class LogTail implements Closeable {
    private static final int BUFFER = 64 * 1024;

    private final Path file;
    private final FileChannel channel;
    private final long limit;
    private long seen;

    LogTail(long limit) throws IOException {
        this.limit = limit;
        this.file = Files.createTempFile("kordon-capture-", ".log");
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    /**
     * Takes all that comes, until the stream ends.
     *
     * @return whether it came to its end; false where it broke off before
     * @throws IOException where the file cannot be written
     */
    boolean take(InputStream stream) throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (true) {
            int read;
            try {
                read = stream.read(buffer);
            } catch (IOException e) {
                return false;
            }
            if (read < 0) {
                return true;
            }
            keep(buffer, read);
        }
    }

    private void keep(byte[] bytes, int length) throws IOException {
        int done = 0;
        while (done < length) {
            long at = seen % limit;
            ByteBuffer part = ByteBuffer.wrap(bytes, done, (int) Math.min(length - done, limit - at));
            int size = part.remaining();
            for (long to = at; part.hasRemaining(); ) {
                to += channel.write(part, to);
            }
            done += size;
            seen += size;
        }
    }

    /** How many bytes came, those not kept among them. */
    long seen() {
        return seen;
    }

    boolean truncated() {
        return seen > limit;
    }

    InputStream content() throws IOException {
        if (!truncated()) {
            return Files.newInputStream(file);
        }
        InputStream older = Files.newInputStream(file);
        older.skipNBytes(seen % limit);
        return new SequenceInputStream(older, new Beginning(Files.newInputStream(file), seen % limit));
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }

    /** The first bytes of a stream. */
    private static final class Beginning extends FilterInputStream {
        private long left;

        Beginning(InputStream in, long bytes) {
            super(in);
            this.left = bytes;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? super.read() : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
