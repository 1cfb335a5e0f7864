package io.kordon.app.rules;

import io.kordon.streams.detection.Event;
import io.kordon.streams.json.AlertJson;
import io.kordon.streams.json.AuditJson;
import io.kordon.streams.json.FalcoJson;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an event's time is: in the field that the user names, else where its format has it, else in the first of the names
 * that senders use. RFC 3339, with a space for the T and without an offset (UTC) as Windows logs have it; or a number since
 * 1970, whose size tells seconds, milliseconds, microseconds and nanoseconds apart.
 */
final class EventTime {
    /** Where events of no known format are looked through. */
    static final List<String> COMMON =
            List.of("time", "@timestamp", "timestamp", "eventTime", "requestReceivedTimestamp", "startsAt");

    private static final List<String> FALCO = List.of("time", "evt.time");
    private static final List<String> AUDIT = List.of("requestReceivedTimestamp", "stageTimestamp");
    private static final List<String> ALERT = List.of("startsAt");

    private static final int SHORTEST = "2026-11-24T12:00".length();
    private static final int LONGEST = "2026-11-24T12:00:00.000000000+00:00".length();
    private static final BigDecimal PER_SECOND = BigDecimal.valueOf(1_000_000);

    /** From this number on, 1970 plus so many seconds lies beyond the year 5138; so many milliseconds do not. */
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(100_000_000_000L);

    /** Microseconds to the year 5138 and back: beyond it, a timespan more might not fit 64 bits. */
    private static final long FARTHEST = 100_000_000_000_000_000L;

    private final @Nullable String named;

    /** @param named field that holds the time, or null for the usual ones */
    EventTime(@Nullable String named) {
        this.named = named;
    }

    /** Epoch microseconds, or null where the event says no time. */
    @Nullable
    Long of(Event event) {
        for (String field : named == null ? fields(event) : List.of(named)) {
            Long time = of(event.field(field));
            if (time != null && Math.abs(time) < FARTHEST) {
                return time;
            }
        }
        return null;
    }

    private static List<String> fields(Event event) {
        if (event instanceof FalcoJson) {
            return FALCO;
        }
        if (event instanceof AuditJson) {
            return AUDIT;
        }
        return event instanceof AlertJson ? ALERT : COMMON;
    }

    /** Epoch microseconds of a field's value, or null where it is no time. */
    static @Nullable Long of(@Nullable Object value) {
        if (value instanceof Number number) {
            return ofNumber(new BigDecimal(number.toString()));
        }
        if (!(value instanceof String text) || text.length() > LONGEST) {
            return null;
        }
        try {
            return text.length() >= SHORTEST && text.indexOf('-') > 0 ? ofText(text) : ofNumber(new BigDecimal(text));
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            return null;
        }
    }

    private static Long ofText(String text) {
        String iso = text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
        boolean offset = iso.endsWith("Z") || iso.endsWith("z") || iso.indexOf('+') > 0 || iso.lastIndexOf('-') > 10;
        Instant time = offset
                ? OffsetDateTime.parse(iso).toInstant()
                : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000), time.getNano() / 1_000);
    }

    private static @Nullable Long ofNumber(BigDecimal number) {
        BigDecimal micros = number.multiply(PER_SECOND);
        BigDecimal limit = MOST_SECONDS;
        for (int unit = 0; unit < 4; unit++) {
            if (number.abs().compareTo(limit) < 0) {
                return micros.longValue();
            }
            micros = micros.movePointLeft(3);
            limit = limit.movePointRight(3);
        }
        return null;
    }
}
