package io.kordon.streams.rule;

import io.kordon.streams.rule.NumberTest.Comparison;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The time modifiers: a number out of a date. A text is read as written, without conversion between time zones; a number
 * is time since 1970 in UTC, in the unit that its size tells.
 *
 * @see <a
 *     href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md#time-modifiers">
 *     Sigma modifiers, Time</a>
 */
enum TimePart {
    MINUTE(ChronoField.MINUTE_OF_HOUR, 0, 59),
    HOUR(ChronoField.HOUR_OF_DAY, 0, 23),
    DAY(ChronoField.DAY_OF_MONTH, 1, 31),
    /** Of ISO 8601, where some years have 53. */
    WEEK(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 1, 53),
    MONTH(ChronoField.MONTH_OF_YEAR, 1, 12),
    YEAR(ChronoField.YEAR, 0, 9999);

    private static final Pattern ISO = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})"
            + "(?:[Tt ](\\d{2}):(\\d{2})(?::\\d{2}(?:[.,]\\d{1,9})?)? ?(?:[Zz]|UTC|[+-]\\d{2}(?::?\\d{2})?)?)?");

    private static final int LONGEST = 64;

    /** Smaller numbers, before March 1973, are ports, sizes and counts rather than dates. */
    private static final double LEAST_SECONDS = 1e8;

    /** A count of seconds stays below until the year 5138, one of milliseconds lies above since 1973, and so on. */
    private static final double MOST_SECONDS = 1e11;

    private final TemporalField field;
    private final int least;
    private final int most;

    TimePart(TemporalField field, int least, int most) {
        this.field = field;
        this.least = least;
        this.most = most;
    }

    static @Nullable TimePart named(String modifier) {
        for (TimePart part : values()) {
            if (part.modifier().equals(modifier)) {
                return part;
            }
        }
        return null;
    }

    String modifier() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why no date has this number, or null. */
    @Nullable
    String excess(@Nullable BigDecimal number) {
        return number != null
                        && number.stripTrailingZeros().scale() <= 0
                        && number.compareTo(BigDecimal.valueOf(least)) >= 0
                        && number.compareTo(BigDecimal.valueOf(most)) <= 0
                ? null
                : "'" + modifier() + "' needs a whole number from " + least + " to " + most;
    }

    /** The number in a date of an event; null where the value is no date, or says nothing of this part. */
    @Nullable
    Long of(Object scalar) {
        TemporalAccessor date = date(scalar);
        return date != null && date.isSupported(field) ? (Long) date.getLong(field) : null;
    }

    private static @Nullable TemporalAccessor date(Object scalar) {
        try {
            BigDecimal number = NumberTest.number(scalar);
            if (number != null) {
                return epoch(number.doubleValue());
            }
            return scalar instanceof String text && text.length() <= LONGEST ? iso(text.strip()) : null;
        } catch (DateTimeException e) {
            return null; // 31 February, hour 25
        }
    }

    private static @Nullable TemporalAccessor epoch(double number) {
        double seconds = number;
        for (int unit = 0; unit < 3 && seconds >= MOST_SECONDS; unit++) {
            seconds /= 1000;
        }
        return seconds >= LEAST_SECONDS && seconds < MOST_SECONDS
                ? LocalDateTime.ofInstant(Instant.ofEpochSecond((long) Math.floor(seconds)), ZoneOffset.UTC)
                : null;
    }

    private static @Nullable TemporalAccessor iso(String text) {
        Matcher matcher = ISO.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        LocalDate day = LocalDate.of(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
        return matcher.group(4) == null
                ? day
                : day.atTime(Integer.parseInt(matcher.group(4)), Integer.parseInt(matcher.group(5)));
    }

    /** A part of a date against a number. */
    record Test(TimePart part, Comparison comparison, long limit) implements ValueTest {
        @Override
        public boolean test(Object scalar) {
            Long number = part.of(scalar);
            return number != null && comparison.holds(Long.compare(number, limit));
        }
    }
}
