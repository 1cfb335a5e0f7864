package io.kordon.streams.rule;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * A text value of a rule: characters and wildcards. {@code *} stands for any number of characters, {@code ?} for one; a
 * backslash before either, or before a backslash, takes its meaning away, and stands for itself anywhere else.
 *
 * @see <a
 *     href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md#escaping">
 *     Sigma rules, Escaping</a>
 */
final class SigmaString {
    private static final int ONE = -1;
    private static final int MANY = -2;
    /** Any of the characters that Windows programs take for a dash before a flag. */
    private static final int DASH = -3;

    private static final String DASHES = "-/\u2013\u2014\u2015";

    /** UTF-16 units, and the negative marks above. */
    private final int[] units;

    private final boolean bytes;

    private SigmaString(int[] units) {
        this(units, false);
    }

    private SigmaString(int[] units, boolean bytes) {
        this.units = units;
        this.bytes = bytes;
    }

    static SigmaString parse(String value) {
        int[] units = new int[value.length()];
        int length = 0;
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '\\' && at + 1 < value.length() && "\\*?".indexOf(value.charAt(at + 1)) >= 0) {
                units[length++] = value.charAt(++at);
            } else {
                units[length++] = c == '*' ? MANY : c == '?' ? ONE : c;
            }
        }
        return new SigmaString(Arrays.copyOf(units, length));
    }

    static SigmaString literal(String text) {
        return new SigmaString(text.chars().toArray());
    }

    /** A test of names against a pattern with {@code *}, case-sensitively; for search names of a condition. */
    static Predicate<String> names(String pattern) {
        int[] units = pattern.chars().map(c -> c == '*' ? MANY : c).toArray();
        TextTest test = new SigmaString(units).compile(true);
        return test::test;
    }

    /** Whether it holds no wildcard, so that it is one text. */
    boolean isPlain() {
        return Arrays.stream(units).allMatch(unit -> unit >= 0);
    }

    int length() {
        return units.length;
    }

    /** The text of a {@linkplain #isPlain plain} one. */
    String text() {
        return text(0, units.length);
    }

    private String text(int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            text.append((char) units[i]);
        }
        return text.toString();
    }

    /** With anything before it, after it, or both. */
    SigmaString open(boolean before, boolean after) {
        int shift = before ? 1 : 0;
        int[] opened = new int[units.length + shift + (after ? 1 : 0)];
        Arrays.fill(opened, MANY);
        System.arraycopy(units, 0, opened, shift, units.length);
        return new SigmaString(opened, bytes);
    }

    /** With every dash or slash that begins a word, and follows none, standing for any of the dashes. */
    SigmaString windash() {
        int[] dashed = units.clone();
        for (int i = 0; i < units.length; i++) {
            boolean dash = units[i] >= 0 && DASHES.indexOf(units[i]) >= 0;
            boolean after = i > 0 && isWord(units[i - 1]);
            boolean before = i + 1 < units.length && isWord(units[i + 1]);
            if (dash && !after && before) {
                dashed[i] = DASH;
            }
        }
        return new SigmaString(dashed, bytes);
    }

    /** How many of its characters stand for any of the dashes. */
    long dashes() {
        return Arrays.stream(units).filter(unit -> unit == DASH).count();
    }

    /** With one dash for each of {@link #dashes}, in all combinations: an encoding needs to know which. */
    List<SigmaString> spelled() {
        List<int[]> all = List.of(units);
        for (int i = 0; i < units.length; i++) {
            if (units[i] == DASH) {
                List<int[]> next = new ArrayList<>();
                for (int[] one : all) {
                    for (int dash = 0; dash < DASHES.length(); dash++) {
                        int[] copy = one.clone();
                        copy[i] = DASHES.charAt(dash);
                        next.add(copy);
                    }
                }
                all = next;
            }
        }
        return all.stream().map(one -> new SigmaString(one, bytes)).toList();
    }

    /** In UTF-16 after a mark, one character for a byte; {@code *} stays, {@code ?} becomes two. */
    SigmaString utf16(Charset charset, String mark) {
        int[] encoded = Arrays.copyOf(mark.chars().toArray(), mark.length() + 2 * units.length);
        int length = mark.length();
        int at = 0;
        while (at < units.length) {
            int end = at;
            while (end < units.length && units[end] >= 0) {
                end++;
            }
            for (byte unit : text(at, end).getBytes(charset)) {
                encoded[length++] = unit & 0xff;
            }
            at = end;
            if (at < units.length) {
                encoded[length++] = units[at];
                if (units[at] == ONE) {
                    encoded[length++] = ONE;
                }
                at++;
            }
        }
        return new SigmaString(Arrays.copyOf(encoded, length), true);
    }

    /** The bytes of a {@linkplain #isPlain plain} one: those of an encoding before, else UTF-8. */
    byte[] bytes() {
        return text().getBytes(bytes ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static boolean isWord(int unit) {
        return unit == '_' || (unit >= 0 && Character.isLetterOrDigit(unit));
    }

    /** The cheapest test for it. */
    TextTest compile(boolean cased) {
        int from = 0;
        int to = units.length;
        while (from < to && units[from] == MANY) {
            from++;
        }
        while (to > from && units[to - 1] == MANY) {
            to--;
        }
        boolean openStart = from > 0;
        boolean openEnd = to < units.length;
        for (int i = from; i < to; i++) {
            if (units[i] < 0) {
                return new TextTest.Glob(folded(cased), cased);
            }
        }
        String text = text(from, to);
        if (openStart && (openEnd || text.isEmpty())) {
            return text.isEmpty() ? TextTest.Any.ANY : new TextTest.Contains(folded(text, cased), cased);
        }
        if (openStart || openEnd) {
            return openStart ? new TextTest.EndsWith(text, cased) : new TextTest.StartsWith(text, cased);
        }
        return new TextTest.Equal(text, cased);
    }

    private int[] folded(boolean cased) {
        return Arrays.stream(units)
                .map(unit -> unit < 0 || cased ? unit : TextTest.fold((char) unit))
                .toArray();
    }

    private static String folded(String text, boolean cased) {
        return cased
                ? text
                : text.chars()
                        .map(c -> TextTest.fold((char) c))
                        .collect(StringBuilder::new, (out, c) -> out.append((char) c), StringBuilder::append)
                        .toString();
    }

    /** Whether a compiled unit stands for this one character. */
    static boolean fits(int unit, char c) {
        return unit == c || unit == ONE || (unit == DASH && DASHES.indexOf(c) >= 0);
    }

    static boolean isMany(int unit) {
        return unit == MANY;
    }

    static boolean isOne(int unit) {
        return unit == ONE;
    }

    /** A value of an event as rules that speak of text see it; whole numbers never in scientific notation. */
    static String textOf(Object scalar) {
        if (scalar instanceof Double number && !number.isInfinite() && !number.isNaN()) {
            BigDecimal exact = new BigDecimal(number.toString()).stripTrailingZeros();
            return exact.precision() - exact.scale() <= 25 && exact.scale() <= 25
                    ? exact.toPlainString()
                    : number.toString();
        }
        return scalar.toString();
    }

    @Override
    public String toString() {
        return isPlain() ? text() : Arrays.toString(units);
    }
}
