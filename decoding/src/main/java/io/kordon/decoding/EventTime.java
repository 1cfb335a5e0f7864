package io.kordon.decoding;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Senders' times, RFC 3339 with an offset and up to nine fraction digits. They end at year 9999, so that microseconds
 * since 1970 always fit 64 bits; nanoseconds would not after 2262, so nothing here counts in them.
 */
final class EventTime {
    private static final int SHORTEST = "1970-01-01T00:00:00Z".length();
    private static final int LONGEST = "1970-01-01T00:00:00.000000000+00:00".length();
    /** Java reads years of up to ten digits, of which microseconds know only five. */
    private static final long END = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond() + 1;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private EventTime() {}

    /**
     * @return the time with its nanoseconds, 1970 or later
     * @throws Malformed naming {@code field}
     */
    static Instant parse(String field, String text) throws Malformed {
        return notBefore1970(field, any(field, text));
    }

    /** As {@link #parse}, but null stays null and Go's zero time, year 1, means none. */
    static @Nullable Instant parseOrNone(String field, @Nullable String text) throws Malformed {
        if (text == null || text.isEmpty()) {
            return null;
        }
        Instant time = any(field, text);
        return time.getEpochSecond() < -62_135_510_400L ? null : notBefore1970(field, time);
    }

    /** Nanoseconds since 1970, as Falco's {@code evt.time} counts them. */
    static Instant ofNanos(String field, long nanos) throws Malformed {
        return notBefore1970(
                field,
                Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND)));
    }

    /** What an event's time field holds: microseconds. */
    static Instant micros(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /** Seconds and nanoseconds, for ids: the same however the sender writes the fraction and the offset. */
    static String exact(Instant time) {
        return String.format(Locale.ROOT, "%d.%09d", time.getEpochSecond(), time.getNano());
    }

    private static Instant any(String field, String text) throws Malformed {
        if (text.length() < SHORTEST || text.length() > LONGEST) {
            throw format(field);
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.getEpochSecond() >= END) {
                throw Malformed.value(field, "must be before the year 10000, is " + time);
            }
            return time;
        } catch (DateTimeException e) {
            throw format(field);
        }
    }

    private static Malformed format(String field) {
        return Malformed.value(field, "must be a time like 2026-11-24T00:05:49.58Z");
    }

    private static Instant notBefore1970(String field, Instant time) throws Malformed {
        if (time.getEpochSecond() < 0) {
            throw Malformed.value(field, "must be 1970 or later, is " + time);
        }
        return time;
    }
}
