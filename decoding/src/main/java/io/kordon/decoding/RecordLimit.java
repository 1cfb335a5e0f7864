package io.kordon.decoding;

import io.kordon.schemas.Rejection;
import java.util.HashMap;
import java.util.Map;

/**
 * How large a Kafka record may be, and what becomes of items that would make a larger one: whichever door they come
 * through, they are rejected alike.
 *
 * @param bytes largest record, key and value and headers; at least 64 KiB
 */
public record RecordLimit(int bytes) {
    /** Longest value of a rejected record, in bytes: whoever sends garbage shall not fill the disks with it. */
    private static final int MAX_REJECTED = 1024 * 1024;

    /** What a record costs beside key and value, generously; and with the headers of a rejection. */
    private static final int OVERHEAD = 1024;

    private static final int REJECTION_OVERHEAD = 16 * 1024;

    public RecordLimit {
        if (bytes < 64 * 1024) {
            throw new IllegalArgumentException("a record of " + bytes + " bytes is too small: at least 65536");
        }
    }

    /** Whether an event of this key and value makes a record that is small enough. */
    public boolean fits(byte[] key, byte[] value) {
        return (long) key.length + value.length + OVERHEAD <= bytes;
    }

    /**
     * What becomes of an event that does not fit.
     *
     * @param size of the serialized event
     */
    public Decoded.Rejected tooLarge(Decoded.Valid valid, int size) {
        return new Decoded.Rejected(
                "record.too-large", null, "the event is " + size + " bytes, a record may be " + bytes, valid.bytes());
    }

    /**
     * Cause and coordinates of a rejected item, for the headers of its record.
     *
     * @param component who refuses
     * @param number of the item in its request or record, from 0
     * @param where coordinates of the request or record
     */
    public Rejection rejection(
            String component, Decoded.Rejected item, int number, Map<String, String> where, Origin origin) {
        Map<String, String> coordinates = new HashMap<>(where);
        coordinates.put("item", Integer.toString(number));
        coordinates.put("cluster", origin.cluster());
        coordinates.put("sender", origin.sender());
        coordinates.put("bytes", Integer.toString(item.bytes().length()));
        if (item.bytes().length() > keep()) {
            coordinates.put("truncated", Integer.toString(keep()));
        }
        return new Rejection(component, item.code(), item.reason(), coordinates);
    }

    /** The bytes of a rejected item, cut where there are too many. */
    public byte[] kept(Decoded.Rejected item) {
        return item.bytes().copy(keep());
    }

    private int keep() {
        return Math.min(MAX_REJECTED, bytes) - REJECTION_OVERHEAD;
    }
}
