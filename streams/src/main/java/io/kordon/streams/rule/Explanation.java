package io.kordon.streams.rule;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a rule matched an event, or did not: a tree in the shape of the rule's condition, for people to read.
 *
 * @param test what was tested: {@code all of}, {@code not}, a search by its name, a field with the values that the rule
 *     expects, as its author wrote them
 * @param held whether it held
 * @param value what the event has there, cut to {@value #LONGEST} characters; null where it has nothing, or where no
 *     single field was looked at
 * @param parts what it consists of, all of them tested, also those that could change nothing any more
 */
public record Explanation(
        String test, boolean held, @Nullable String value, List<Explanation> parts) {
    static final int LONGEST = 256;

    public Explanation {
        Objects.requireNonNull(test, "test");
        parts = List.copyOf(parts);
    }

    /** Of something that has no value of its own. */
    static Explanation of(String test, boolean held, List<Explanation> parts) {
        return new Explanation(test, held, null, parts);
    }

    /** An event's value as it is shown. */
    static @Nullable String shown(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        String text = value instanceof List<?> ? value.toString() : SigmaString.textOf(value);
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "…";
    }

    /** One line for each part, indented by depth: {@code + held}, {@code - did not}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        print(out, 0);
        return out.toString();
    }

    private void print(StringBuilder out, int depth) {
        out.append("  ".repeat(depth)).append(held ? "+ " : "- ").append(test);
        if (value != null) {
            out.append("  <- ").append(value);
        }
        for (Explanation part : parts) {
            out.append('\n');
            part.print(out, depth + 1);
        }
    }
}
