package io.kordon.streams.rule;

import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression that RE2 refuses, for look-around or back-references, behind a budget: such an expression can take
 * time exponential in a text that an attacker chooses. A search that reads more than {@value #MOST_STEPS} characters,
 * counting each as often as it is read, finds nothing; a text is looked at up to its first {@value #LONGEST_TEXT}.
 */
public final class Backtracking implements ValueTest {
    /** Some ten milliseconds. */
    static final int MOST_STEPS = 1_000_000;

    static final int LONGEST_TEXT = 65_536;

    private static final LongAdder EXHAUSTED = new LongAdder();

    private final Pattern pattern;

    Backtracking(String expression, int flags) throws PatternSyntaxException {
        this.pattern = Pattern.compile(java(expression), flags | Pattern.UNIX_LINES);
    }

    /** How many searches of this process were given up. */
    public static long exhausted() {
        return EXHAUSTED.sum();
    }

    @Override
    public boolean test(Object scalar) {
        String text = SigmaString.textOf(scalar);
        java.util.regex.Matcher matcher = pattern.matcher(new Counted(text, new Budget(), 0, text.length()));
        matcher.useAnchoringBounds(false).region(0, Math.min(text.length(), LONGEST_TEXT));
        try {
            return matcher.find();
        } catch (Exhausted | StackOverflowError e) { // java.util.regex recurses for each repeat of a group
            EXHAUSTED.increment();
            return false;
        }
    }

    /** In a character class Java takes {@code [} and {@code &&} for operators, and knows no {@code [:alpha:]}. */
    private static String java(String expression) {
        StringBuilder out = new StringBuilder();
        boolean inClass = false;
        for (int at = 0; at < expression.length(); at++) {
            char c = expression.charAt(at);
            int named = inClass && expression.startsWith("[:", at) ? expression.indexOf(":]", at) : -1;
            if (named > 0) {
                out.append(posix(expression.substring(at + 2, named)));
                at = named + 1;
                continue;
            }
            out.append(inClass && (c == '[' || c == '&') ? "\\" : "").append(c);
            if (c == '\\' && at + 1 < expression.length()) {
                out.append(expression.charAt(++at));
            } else if (c == '[' && !inClass) {
                inClass = true;
                int first = expression.startsWith("^", at + 1) ? at + 2 : at + 1;
                out.append(expression, at + 1, Math.min(first, expression.length()));
                at = first - 1;
                if (expression.startsWith("]", first)) {
                    out.append("\\]");
                    at = first;
                }
            } else if (c == ']') {
                inClass = false;
            }
        }
        return out.toString();
    }

    private static String posix(String name) {
        return switch (name) {
            case "word" -> "\\w";
            case "xdigit" -> "\\p{XDigit}";
            default ->
                "\\p{" + Character.toUpperCase(name.isEmpty() ? '?' : name.charAt(0))
                        + name.substring(Math.min(1, name.length())) + "}";
        };
    }

    /** A text that counts how often it is read. */
    private record Counted(String text, Budget budget, int from, int to) implements CharSequence {
        @Override
        public char charAt(int index) {
            budget.spend();
            return text.charAt(from + index);
        }

        @Override
        public int length() {
            return to - from;
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text, budget, from + start, from + end);
        }

        @Override
        public String toString() {
            return text.substring(from, to);
        }
    }

    private static final class Budget {
        private int steps = MOST_STEPS;

        void spend() {
            steps--;
            if (steps < 0) {
                throw new Exhausted();
            }
        }
    }

    private static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exhausted() {
            super("the budget of a regular expression is spent", null, false, false);
        }
    }
}
