package io.kordon.app.rules;

import java.util.Locale;

/** What senders and files wrote, for a terminal: it must not obey them, and need not show all of them. */
final class Printable {
    private Printable() {}

    /** The text with everything that steers a terminal or turns its text as {@code \\uXXXX}, cut after so many characters. */
    static String of(String text, int most) {
        int end = Math.min(text.length(), most);
        StringBuilder safe = new StringBuilder(end + 16);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair && isSafe(Character.getType(text.codePointAt(i)))) {
                safe.append(c).append(text.charAt(++i));
            } else if (isSafe(Character.getType(c))) {
                safe.append(c);
            } else {
                safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        if (end < text.length()) {
            safe.append("… (").append(text.length()).append(" characters)");
        }
        return safe.toString();
    }

    private static boolean isSafe(int type) {
        return switch (type) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
