package io.kordon.kubernetes.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Takes what a program writes into a file, its first bytes; says when it has enough, and takes no more then. */
final class BoundedOutput extends OutputStream {
    private final Path file;
    private final OutputStream out;
    private final long limit;
    private final CompletableFuture<Integer> enough = new CompletableFuture<>();
    private long kept;
    private boolean closed;

    BoundedOutput(long limit) throws IOException {
        this.limit = limit;
        this.file = Files.createTempFile("kordon-capture-", ".part");
        this.out = Files.newOutputStream(file);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        int taken = closed ? 0 : (int) Math.min(length, limit - kept);
        if (taken > 0) {
            out.write(bytes, offset, taken);
            kept += taken;
        }
        if (taken < length) {
            enough.complete(0);
        }
    }

    /** Completes when the program has written more than is kept. */
    CompletableFuture<Integer> enough() {
        return enough;
    }

    boolean truncated() {
        return enough.isDone();
    }

    synchronized long bytes() {
        return kept;
    }

    synchronized InputStream content() throws IOException {
        out.flush();
        return Files.newInputStream(file);
    }

    /** Forgets it: what was written is gone. */
    @Override
    public synchronized void close() throws IOException {
        closed = true; // what still comes is dropped
        out.close();
        Files.deleteIfExists(file);
    }
}
