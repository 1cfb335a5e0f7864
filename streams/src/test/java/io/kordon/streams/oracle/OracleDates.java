package io.kordon.streams.oracle;

import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number out of a date, as it is written: "not designed to handle timezone or format conversions". */
final class OracleDates {
    private static final Pattern DATE = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\d)[Tt ](\\d\\d:\\d\\d)(?::\\d\\d(?:\\.\\d+)?)?(?:[Zz]|[+-]\\d\\d:\\d\\d)?");

    private OracleDates() {}

    static Integer part(String modifier, String text) {
        Matcher date = DATE.matcher(text);
        if (!date.matches()) {
            return null;
        }
        LocalDateTime time = LocalDateTime.parse(date.group(1) + "T" + date.group(2));
        return switch (modifier) {
            case "minute" -> time.getMinute();
            case "hour" -> time.getHour();
            case "day" -> time.getDayOfMonth();
            case "week" -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case "month" -> time.getMonthValue();
            case "year" -> time.get(ChronoField.YEAR);
            default -> throw new IllegalArgumentException(modifier);
        };
    }
}
