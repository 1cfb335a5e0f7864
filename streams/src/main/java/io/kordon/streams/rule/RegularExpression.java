package io.kordon.streams.rule;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Regular expressions: by RE2, in time linear in the text, where RE2 knows how; else {@link Backtracking} on a budget.
 * Found anywhere in a text unless anchored.
 */
final class RegularExpression {
    /** What braces belong to, or a brace that belongs to nothing. */
    private static final java.util.regex.Pattern BRACES = java.util.regex.Pattern.compile(
            "\\\\Q.*?(?:\\\\E|\\z)|\\\\[xpPNoukg]\\{[^}]*}|\\\\.|\\{[0-9]+(?:,[0-9]*)?}|\\{",
            java.util.regex.Pattern.DOTALL);

    private RegularExpression() {}

    /**
     * The test for an expression.
     *
     * @param flags any of {@code i}, {@code m}, {@code s}
     * @throws IllegalArgumentException with the reason, where it is none or too large
     */
    static ValueTest compile(String expression, String flags) {
        @Nullable String excess = RegexSize.excess(expression);
        if (excess != null) {
            throw new IllegalArgumentException(excess);
        }
        try {
            int bits = bit(flags, 'i', Pattern.CASE_INSENSITIVE)
                    | bit(flags, 'm', Pattern.MULTILINE)
                    | bit(flags, 's', Pattern.DOTALL);
            return new ValueTest.Regex(Pattern.compile(braced(expression), bits));
        } catch (PatternSyntaxException e) {
            return backtracking(expression, flags);
        }
    }

    private static ValueTest backtracking(String expression, String flags) {
        try {
            int cases = java.util.regex.Pattern.CASE_INSENSITIVE | java.util.regex.Pattern.UNICODE_CASE;
            int bits = bit(flags, 'i', cases)
                    | bit(flags, 'm', java.util.regex.Pattern.MULTILINE)
                    | bit(flags, 's', java.util.regex.Pattern.DOTALL);
            return new Backtracking(braced(expression), bits);
        } catch (java.util.regex.PatternSyntaxException e) {
            // Its index is of the text that Java had to have, not of the author's.
            throw new IllegalArgumentException("not a regular expression: " + e.getDescription(), e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException("the regular expression nests too deep", e);
        }
    }

    /**
     * With a backslash before every brace that begins no repeat, which Perl takes for a character: {@code \${?name}}. RE2/J
     * trips over a quantifier after such a brace, {@code java.util.regex} over the brace.
     */
    private static String braced(String expression) {
        return BRACES.matcher(expression)
                .replaceAll(found ->
                        java.util.regex.Matcher.quoteReplacement(found.group().equals("{") ? "\\{" : found.group()));
    }

    private static int bit(String flags, char flag, int bit) {
        return flags.indexOf(flag) >= 0 ? bit : 0;
    }
}
