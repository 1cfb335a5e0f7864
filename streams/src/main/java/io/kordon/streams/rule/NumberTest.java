package io.kordon.streams.rule;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A comparison with a number, exact for 64-bit integers, doubles, and longer ones; texts that are numbers count as such. */
record NumberTest(Comparison comparison, BigDecimal limit) implements ValueTest {
    /** Longer texts are no numbers that anybody meant, and cost more than linear time to read. */
    private static final int LONGEST = 64;

    /** How a value stands to the limit. */
    enum Comparison {
        LT,
        LTE,
        GT,
        GTE,
        EQ;

        boolean holds(int sign) {
            return switch (this) {
                case LT -> sign < 0;
                case LTE -> sign <= 0;
                case GT -> sign > 0;
                case GTE -> sign >= 0;
                case EQ -> sign == 0;
            };
        }
    }

    @Override
    public boolean test(Object scalar) {
        BigDecimal number = number(scalar);
        return number != null && comparison.holds(number.compareTo(limit));
    }

    /** The number that a value is, or null where it is none. */
    static @Nullable BigDecimal number(Object scalar) {
        if (scalar instanceof Long number) {
            return BigDecimal.valueOf(number);
        }
        if (scalar instanceof Double number) {
            return number.isNaN() || number.isInfinite() ? null : new BigDecimal(number);
        }
        if (scalar instanceof BigInteger number) {
            return new BigDecimal(number);
        }
        return scalar instanceof String text ? number(text) : null;
    }

    /** The number that a rule means, which may be hexadecimal or octal as YAML writes those; null for any other text. */
    static @Nullable BigDecimal literal(String text) {
        int radix = text.startsWith("0x") ? 16 : text.startsWith("0o") ? 8 : 10;
        if (radix == 10 || text.length() > LONGEST) {
            return number(text);
        }
        try {
            return new BigDecimal(new BigInteger(text.substring(2), radix));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The decimal number, with fraction and exponent if it has them, that a text is; null for any other text. */
    static @Nullable BigDecimal number(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            return null;
        }
        boolean digit = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean decimal = c >= '0' && c <= '9';
            digit |= decimal;
            if (!decimal && "+-.eE".indexOf(c) < 0) {
                return null;
            }
        }
        try {
            return digit ? new BigDecimal(text) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
