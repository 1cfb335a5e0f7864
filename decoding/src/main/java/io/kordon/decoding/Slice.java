package io.kordon.decoding;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A stretch of a request's body, shared and not copied: whoever holds one must not write into the array. */
public final class Slice {
    private final byte[] array;
    private final int offset;
    private final int length;

    public Slice(byte[] array, int offset, int length) {
        if (offset < 0 || length < 0 || offset > array.length - length) {
            throw new IndexOutOfBoundsException(
                    "bytes " + offset + " to " + ((long) offset + length) + " of an array of " + array.length);
        }
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    public static Slice of(byte[] array) {
        return new Slice(array, 0, array.length);
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** Whether there is nothing but white space, or a byte order mark. */
    public boolean isBlank() {
        return body().isEmpty();
    }

    /** At most {@code limit} bytes from the start, copied. */
    public byte[] copy(int limit) {
        return Arrays.copyOfRange(array, offset, offset + Math.min(length, limit));
    }

    byte[] array() {
        return array;
    }

    int offset() {
        return offset;
    }

    /** First index after this slice, in the array. */
    int end() {
        return offset + length;
    }

    /** From one index of the array to before another. */
    Slice between(int from, int to) {
        return new Slice(array, from, to - from);
    }

    /** Without JSON's white space at either end. */
    Slice trimmed() {
        int from = offset;
        int to = end();
        while (from < to && isSpace(array[from])) {
            from++;
        }
        while (to > from && isSpace(array[to - 1])) {
            to--;
        }
        return between(from, to);
    }

    /** Without the byte order mark that some senders put first, and without white space at either end. */
    Slice body() {
        boolean marked = length >= 3
                && array[offset] == (byte) 0xEF
                && array[offset + 1] == (byte) 0xBB
                && array[offset + 2] == (byte) 0xBF;
        return (marked ? between(offset + 3, end()) : this).trimmed();
    }

    boolean startsWith(char c) {
        return length > 0 && array[offset] == c;
    }

    /**
     * The characters, decoded strictly: what is returned encodes to the same bytes again.
     *
     * @throws Malformed when the bytes are not UTF-8
     */
    String text() throws Malformed {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(array, offset, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("utf8.invalid", null, "the bytes are not UTF-8");
        }
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    @Override
    public String toString() {
        return "Slice[" + offset + ", " + length + " bytes]";
    }
}
