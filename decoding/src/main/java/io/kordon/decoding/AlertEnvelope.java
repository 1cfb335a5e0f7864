package io.kordon.decoding;

import org.jspecify.annotations.Nullable;

/**
 * What a notification says of all its alerts.
 *
 * @param json the notification, its array of alerts emptied; empty where the alert's original holds it all
 * @param status of the group, for alerts that have none of their own
 */
record AlertEnvelope(
        String json,
        @Nullable String status,
        @Nullable String receiver,
        @Nullable String groupKey,
        @Nullable String externalUrl) {

    /** Longest envelope, in bytes; Alertmanager's own hold a few labels and annotations. */
    private static final int MAX_BYTES = 256 * 1024;

    /** Most bytes that all copies of one envelope may take; beyond it only the first alert carries it. */
    private static final long MAX_COPIES = 16L * 1024 * 1024;

    /**
     * The text of an envelope.
     *
     * @throws Malformed when it is too long, or not UTF-8
     */
    static String text(Slice rest) throws Malformed {
        if (rest.length() > MAX_BYTES) {
            throw new Malformed(
                    "field.too-large",
                    null,
                    "the notification without its alerts is larger than " + MAX_BYTES + " bytes");
        }
        return rest.text();
    }

    /** For the alert of this number among {@code alerts}. */
    AlertEnvelope of(int number, int alerts) {
        boolean repeat = number == 0 || (long) json.length() * alerts <= MAX_COPIES;
        return repeat ? this : new AlertEnvelope("", status, receiver, groupKey, externalUrl);
    }
}
