package io.kordon.streams.oracle;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One {@code field|modifier|modifier: value} of a search.
 *
 * @see <a href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-appendix-modifiers.md">
 *     Sigma modifiers 2.1</a>
 */
final class OracleItem {
    private static final List<String> COMPARISONS = List.of("lt", "lte", "gt", "gte");
    private static final List<String> TIMES = List.of("minute", "hour", "day", "week", "month", "year");

    private final String field;
    private final List<String> modifiers;
    private final List<Object> values;

    OracleItem(String key, Object value) {
        List<String> parts = Arrays.asList(key.split("\\|", -1));
        field = parts.get(0);
        modifiers = parts.subList(1, parts.size());
        values = value instanceof List<?> list ? Collections.unmodifiableList(list) : Arrays.asList(value);
    }

    boolean matches(Map<String, Object> event) {
        List<Object> found = field.isEmpty() ? OracleEvent.texts(event) : OracleEvent.field(event, field);
        if (modifiers.contains("exists")) {
            return found.isEmpty() != Boolean.TRUE.equals(values.get(0));
        }
        boolean hit = modifiers.contains("all")
                ? values.stream().allMatch(value -> anyOf(found, value, event))
                : values.stream().anyMatch(value -> anyOf(found, value, event));
        return hit != modifiers.contains("neq");
    }

    /** Whether any of the field's values fits; an absent field has none, and fits null only. */
    private boolean anyOf(List<Object> found, Object value, Map<String, Object> event) {
        List<Object> scalars = found.stream().filter(Objects::nonNull).toList();
        if (value == null) {
            return scalars.isEmpty();
        }
        if (modifiers.contains("fieldref")) {
            List<Object> others = OracleEvent.field(event, String.valueOf(value));
            return scalars.stream()
                    .anyMatch(one -> others.stream()
                            .filter(Objects::nonNull)
                            .anyMatch(other -> text(one).equalsIgnoreCase(text(other))));
        }
        return scalars.stream().anyMatch(scalar -> fits(scalar, value));
    }

    private boolean fits(Object scalar, Object value) {
        String text = text(scalar);
        for (String time : TIMES) {
            if (modifiers.contains(time)) {
                Integer part = OracleDates.part(time, text);
                return part != null && compares(BigDecimal.valueOf(part), new BigDecimal(text(value)));
            }
        }
        if (modifiers.stream().anyMatch(COMPARISONS::contains)) {
            BigDecimal number = number(text);
            return number != null && compares(number, new BigDecimal(text(value)));
        }
        if (modifiers.contains("cidr")) {
            return OracleNetwork.contains(text(value), text);
        }
        if (modifiers.contains("re")) {
            // Java alone finds no line in an empty text once there may be several; Perl's expressions do.
            int flags = text.isEmpty() ? flags() & ~Pattern.MULTILINE : flags();
            return Pattern.compile(text(value), flags).matcher(text).find();
        }
        return OracleText.patterns(text(value), modifiers, field.isEmpty()).stream()
                .anyMatch(pattern -> pattern.matcher(text).matches());
    }

    /** "Regex is matched case-sensitive by default." */
    private int flags() {
        return (modifiers.contains("i") ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0)
                | (modifiers.contains("m") ? Pattern.MULTILINE : 0)
                | (modifiers.contains("s") ? Pattern.DOTALL : 0)
                | Pattern.UNIX_LINES;
    }

    private boolean compares(BigDecimal left, BigDecimal right) {
        int order = left.compareTo(right);
        if (modifiers.contains("lt")) {
            return order < 0;
        }
        if (modifiers.contains("lte")) {
            return order <= 0;
        }
        if (modifiers.contains("gt")) {
            return order > 0;
        }
        if (modifiers.contains("gte")) {
            return order >= 0;
        }
        return order == 0;
    }

    private static BigDecimal number(String text) {
        return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?") ? new BigDecimal(text) : null;
    }

    /** "All values are treated as case-insensitive strings", numbers and booleans too. */
    static String text(Object value) {
        return value instanceof Boolean ? value.toString().toLowerCase(Locale.ROOT) : String.valueOf(value);
    }
}
