package io.kordon.streams.rule;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a regular expression compiles to: counted repeats unfold, nested ones multiply, and the engine itself would
 * unfold {@code ((a{1000}){1000}){1000}} until memory is gone.
 */
final class RegexSize {
    private static final int LONGEST = 10_000;
    private static final long LARGEST = 100_000;

    private RegexSize() {}

    /** Why the expression is too large, or null. A guess from above; it need not be a correct expression. */
    static @Nullable String excess(String expression) {
        if (expression.length() > LONGEST) {
            return "the regular expression is longer than " + LONGEST + " characters";
        }
        return size(expression) > LARGEST ? "the repeats of the regular expression unfold too far" : null;
    }

    private static long size(String expression) {
        Deque<Long> outer = new ArrayDeque<>();
        long sum = 0;
        long atom = 0;
        for (int at = 0; at < expression.length(); at++) {
            char c = expression.charAt(at);
            if (c == '(') {
                outer.push(sum + atom);
                sum = 0;
                atom = 0;
            } else if (c == ')' && !outer.isEmpty()) {
                atom = Math.max(1, atom + sum); // an empty group is repeated like any other
                sum = outer.pop();
            } else if (c == '{') {
                int end = expression.indexOf('}', at);
                atom = Math.min(atom * repeats(expression, at + 1, end), LARGEST + 1);
                at = Math.max(at, end);
            } else if (c == '[') {
                sum += atom;
                atom = 1;
                at = classEnd(expression, at);
            } else {
                sum += atom;
                atom = 1;
                at += c == '\\' ? 1 : 0;
            }
        }
        while (!outer.isEmpty()) {
            sum += outer.pop();
        }
        return sum + atom;
    }

    private static int classEnd(String expression, int open) {
        int at = open + 1;
        at += at < expression.length() && expression.charAt(at) == '^' ? 1 : 0;
        at += at < expression.length() && expression.charAt(at) == ']' ? 1 : 0;
        while (at < expression.length() && expression.charAt(at) != ']') {
            at += expression.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }

    /** The larger of the counts of {@code {n}}, {@code {n,}}, {@code {n,m}}; 1 for anything else. */
    private static long repeats(String expression, int from, int end) {
        long largest = 1;
        long number = 0;
        for (int i = from; i < end; i++) {
            char c = expression.charAt(i);
            if (c >= '0' && c <= '9') {
                number = Math.min(number * 10 + (c - '0'), LARGEST + 1);
                largest = Math.max(largest, number);
            } else if (c == ',') {
                number = 0;
            } else {
                return 1;
            }
        }
        return largest;
    }
}
