package io.kordon.app.demo;

import io.kordon.app.terminal.Elapsed;
import io.kordon.app.terminal.PrintableText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Lines for a person who watches, each with the seconds since the start. */
final class Progress {
    private final PrintWriter out;
    private final long begun = System.nanoTime();

    Progress(PrintWriter out) {
        this.out = out;
    }

    synchronized void say(String line) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        out.println(String.format(Locale.ROOT, "[%6.1f s] ", seconds) + PrintableText.of(line));
        out.flush();
    }

    void ready(String what, Duration took) {
        say(what + " is ready (" + Elapsed.of(took) + ")");
    }

    /** A line that belongs to the one before. */
    synchronized void detail(String line) {
        out.println("           " + PrintableText.of(line));
        out.flush();
    }

    synchronized void plain(String line) {
        out.println(line);
        out.flush();
    }
}
