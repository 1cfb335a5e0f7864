package io.kordon.evidence;

import java.util.regex.Pattern;

/** Texts from the outside, made fit for a manifest or a message: bounded, on one line, valid Unicode. */
final class Text {
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private Text() {}

    /** What no line should hold becomes U+FFFD; what is longer than {@code most} characters ends with an ellipsis. */
    static String line(String text, int most) {
        String bounded = text.length() <= most ? text : text.substring(0, most - 1) + "…";
        return UNFIT.matcher(bounded).replaceAll("\uFFFD");
    }
}
