package io.kordon.streams.rule;

import java.util.Locale;
import java.util.Map;

/**
 * Writes a regular expression as {@code java.util.regex} has to have it. Classes: Java takes {@code [} and {@code &&} in
 * them for operators, and knows no {@code [:alpha:]}. Choices: whenever a branch or a group is entered, or a group is
 * referred to, a character is looked at, without consequence, so that an expression like {@code (a?|b?)(a?|b?)…}, of which
 * all branches match nothing, cannot try them all without spending its budget.
 */
final class BacktrackingSyntax {
    /** Always true; reads the next character, or the one before. */
    private static final String LOOK = "(?![^\\s\\S])(?<![^\\s\\S])";

    private static final Map<String, String> POSIX =
            Map.of("word", "\\w", "xdigit", "\\p{XDigit}", "ascii", "\\p{ASCII}");

    private final String expression;
    private final StringBuilder out = new StringBuilder(LOOK);
    private int at;

    private BacktrackingSyntax(String expression) {
        this.expression = expression;
    }

    static String java(String expression) {
        BacktrackingSyntax syntax = new BacktrackingSyntax(expression);
        while (syntax.at < expression.length()) {
            syntax.next();
        }
        return syntax.out.toString();
    }

    private void next() {
        char c = expression.charAt(at);
        if (c == '\\') {
            escape();
        } else if (c == '[') {
            characterClass();
        } else if (c == '(') {
            group();
        } else {
            copy(at + 1);
            if (c == '|') {
                out.append(LOOK);
            }
        }
    }

    private void escape() {
        char escaped = at + 1 < expression.length() ? expression.charAt(at + 1) : 'x';
        if (escaped == 'Q') {
            int end = expression.indexOf("\\E", at);
            copy(end < 0 ? expression.length() : end + 2);
            return;
        }
        // Together with the reference, so that a quantifier after it still has one thing before it.
        if (escaped >= '1' && escaped <= '9') {
            int end = at + 2;
            while (end < expression.length() && Character.isDigit(expression.charAt(end))) {
                end++;
            }
            reference(end);
        } else if (escaped == 'k') {
            int end = expression.indexOf('>', at);
            reference(end < 0 ? at + 2 : end + 1);
        } else {
            copy(at + 2);
        }
    }

    private void reference(int end) {
        out.append("(?:").append(LOOK);
        copy(end);
        out.append(')');
    }

    /** The opening of a group up to what it holds; inline flags alone hold nothing. */
    private void group() {
        int end = at + 1;
        if (expression.startsWith("(?<", at)
                && !expression.startsWith("=", at + 3)
                && !expression.startsWith("!", at + 3)) {
            end = Math.max(end, expression.indexOf('>', at) + 1);
        } else if (expression.startsWith("(?<", at)) {
            end = at + 4;
        } else if (expression.startsWith("(?", at)) {
            end = at + 2;
            while (end < expression.length() && isFlag(expression.charAt(end))) {
                end++;
            }
            if (expression.startsWith(")", end)) {
                copy(end + 1);
                return;
            }
            end++;
        }
        copy(end);
        out.append(LOOK);
    }

    private static boolean isFlag(char c) {
        return c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private void characterClass() {
        int first = at + 1;
        first += expression.startsWith("^", first) ? 1 : 0;
        copy(first);
        if (expression.startsWith("]", at)) {
            out.append('\\');
            copy(at + 1);
        }
        while (at < expression.length() && expression.charAt(at) != ']') {
            char c = expression.charAt(at);
            int named = expression.startsWith("[:", at) ? expression.indexOf(":]", at) : -1;
            if (named > 0) {
                out.append(posix(expression.substring(at + 2, named)));
                at = named + 2;
            } else {
                out.append(c == '[' || c == '&' ? "\\" : "");
                copy(at + (c == '\\' ? 2 : 1));
            }
        }
        copy(at + 1);
    }

    private static String posix(String name) {
        String capital = name.isEmpty() ? "" : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return POSIX.getOrDefault(name, "\\p{" + capital + "}");
    }

    private void copy(int end) {
        int stop = Math.min(end, expression.length());
        out.append(expression, at, stop);
        at = stop;
    }
}
