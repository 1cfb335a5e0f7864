package io.kordon.app.rules;

import io.kordon.streams.rule.Explanation;
import java.nio.charset.Charset;

/** An explanation as lines for a terminal: a mark for what held, the event's value beside what was expected. */
final class ExplanationTree {
    private static final int LONGEST_TEST = 400;
    private static final int LONGEST_VALUE = 256;

    /** Parts of one thing that are shown though they did not hold; a rule may list thousands of values. */
    private static final int MOST_FAILED = 20;

    private final String held;
    private final String failed;
    private final String from;
    private final StringBuilder lines = new StringBuilder();

    /** @param charset what the terminal reads; where it has no check marks, signs stand for them */
    ExplanationTree(Charset charset) {
        boolean marks = charset.canEncode() && charset.newEncoder().canEncode("✓✗←");
        this.held = marks ? "✓ " : "+ ";
        this.failed = marks ? "✗ " : "- ";
        this.from = marks ? "  ← " : "  <- ";
    }

    ExplanationTree line(int depth, boolean holds, String text) {
        lines.append("  ".repeat(depth))
                .append(holds ? held : failed)
                .append(Printable.of(text, LONGEST_TEST))
                .append('\n');
        return this;
    }

    ExplanationTree add(int depth, Explanation explanation) {
        return add(depth, explanation, false);
    }

    /** @param shown the value is on the line above, as of a field with several values */
    private ExplanationTree add(int depth, Explanation explanation, boolean shown) {
        line(depth, explanation.held(), explanation.test());
        String value = explanation.value();
        if (value != null) {
            lines.insert(lines.length() - 1, from + Printable.of(value, LONGEST_VALUE));
        } else if (explanation.parts().isEmpty() && !shown) {
            lines.insert(lines.length() - 1, from + "nothing");
        }
        int left = MOST_FAILED;
        int omitted = 0;
        for (Explanation part : explanation.parts()) {
            if (part.held() || left-- > 0) {
                add(depth + 1, part, value != null);
            } else {
                omitted++;
            }
        }
        if (omitted > 0) {
            line(depth + 1, false, "and " + omitted + " more that did not hold");
        }
        return this;
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
