package io.kordon.gateway;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Undoes {@code Content-Encoding: gzip}, and stops at the limit whatever the compressed bytes still promise. */
final class Inflater {
    private static final int STEP = 64 * 1024;

    /** What came out: bytes, or why there are none. */
    sealed interface Inflated permits Bytes, Refused, Corrupt {}

    static final class Bytes implements Inflated {
        final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    record Refused(Refusal refusal) implements Inflated {}

    record Corrupt(String detail) implements Inflated {}

    private Inflater() {}

    static Inflated inflate(byte[] gzip, long limit, MemoryBudget.Share memory) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.min(STEP, 4 * gzip.length));
        byte[] step = new byte[STEP];
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip), STEP)) {
            for (int n = in.read(step); n >= 0; n = in.read(step)) {
                if ((long) out.size() + n > limit) {
                    return new Refused(Refusal.tooLarge(limit));
                }
                if (!memory.take(n)) {
                    return new Refused(Refusal.FULL);
                }
                out.write(step, 0, n);
            }
            return new Bytes(out.toByteArray());
        } catch (ZipException e) {
            return new Corrupt("the body is not gzip: " + e.getMessage());
        } catch (EOFException e) {
            return new Corrupt("the gzip body ends too early");
        } catch (IOException e) {
            return new Corrupt("the gzip body cannot be read: " + e.getMessage());
        }
    }
}
