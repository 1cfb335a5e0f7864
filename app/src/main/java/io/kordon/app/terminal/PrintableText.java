package io.kordon.app.terminal;

import java.util.regex.Pattern;

/** What senders wrote may hold control characters: a terminal must not obey them. */
public final class PrintableText {
    // Cc holds both sets of control characters, Cf what turns the direction of text; Java's Cntrl is ASCII's alone.
    private static final Pattern OBEYED = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private PrintableText() {}

    /** The text on one line, each character that a terminal would obey replaced by a dot. */
    public static String of(String text) {
        return OBEYED.matcher(text).replaceAll("·");
    }
}
