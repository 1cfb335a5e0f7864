package io.kordon.kubernetes.capture;

/** Text of unknown origin for a message or a manifest: no control characters, no end of line, and not long. */
final class Printable {
    private Printable() {}

    static String of(String text, int most) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(most).forEach(c -> {
            int type = Character.getType(c);
            boolean plain = !Character.isISOControl(c)
                    && type != Character.FORMAT // among them what turns the direction of writing around
                    && type != Character.SURROGATE
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR;
            printable.appendCodePoint(plain ? c : ' ');
        });
        return printable.toString().strip() + (text.codePointCount(0, text.length()) > most ? "…" : "");
    }
}
