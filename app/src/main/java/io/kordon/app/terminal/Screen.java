package io.kordon.app.terminal;

import java.io.PrintWriter;

/** Where lines for people go. Every line is made printable here, so that no caller can forget to. */
public final class Screen {
    private final PrintWriter out;

    public Screen(PrintWriter out) {
        this.out = out;
    }

    public void line(String text) {
        out.println(PrintableText.of(text));
    }

    public void lines(Iterable<String> texts) {
        texts.forEach(this::line);
    }

    /** Shows what was written. Returns whether anybody still reads: {@code | head} ends when it has had enough. */
    public boolean shown() {
        return !out.checkError();
    }
}
