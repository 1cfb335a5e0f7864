package io.kordon.app.rules;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines of a stream, each lent from one buffer: memory grows with the longest line, and to a bound, not with the file. */
final class EventLines {
    /** As much as the gateway takes of one request. */
    static final int LONGEST = 16 << 20;

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final Reader reader;
    private byte[] buffer = new byte[BUFFER];
    private int start;
    private int filled;
    private long number = 1;
    private boolean skipping;

    private EventLines(InputStream in, Reader reader) {
        this.in = in;
        this.reader = reader;
    }

    /** Takes the lines. Numbers count from 1, blank lines count and are not given. */
    interface Reader {
        /** One line without its end; the bytes are its for this call only. */
        void line(long number, byte[] bytes, int offset, int length);

        /** One line of more than {@link #LONGEST} bytes, which is skipped. */
        void tooLong(long number);

        /** Called before each read, which may wait for more; false ends the reading. */
        boolean proceed();
    }

    static void read(InputStream in, Reader reader) throws IOException {
        new EventLines(in, reader).read();
    }

    private void read() throws IOException {
        int scanned = 0;
        while (true) {
            for (; scanned < filled; scanned++) {
                if (buffer[scanned] == '\n') {
                    line(scanned);
                    start = scanned + 1;
                }
            }
            makeRoom();
            scanned = filled;
            int count = reader.proceed() ? in.read(buffer, filled, buffer.length - filled) : 0;
            if (count <= 0) {
                if (count < 0) {
                    line(filled);
                }
                return;
            }
            filled += count;
        }
    }

    /** Moves what is left of the buffer to its beginning, and lets it grow up to the longest line. */
    private void makeRoom() {
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        filled -= start;
        start = 0;
        if (skipping) {
            filled = 0;
        } else if (filled == buffer.length && filled >= LONGEST) {
            reader.tooLong(number);
            skipping = true;
            filled = 0;
        } else if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(LONGEST, 2 * buffer.length));
        }
    }

    private void line(int end) {
        int from = number == 1 && hasByteOrderMark(end) ? start + 3 : start;
        int to = end;
        while (to > from && isBlank(buffer[to - 1])) {
            to--;
        }
        while (from < to && isBlank(buffer[from])) {
            from++;
        }
        if (!skipping && from < to) {
            reader.line(number, buffer, from, to - from);
        }
        skipping = false;
        number++;
    }

    private boolean hasByteOrderMark(int end) {
        return end - start >= 3
                && buffer[start] == (byte) 0xEF
                && buffer[start + 1] == (byte) 0xBB
                && buffer[start + 2] == (byte) 0xBF;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }
}
