package io.kordon.app.demo;

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
        out.println(String.format(Locale.ROOT, "[%6.1f s] ", seconds) + printable(line));
        out.flush();
    }

    void ready(String what, Duration took) {
        say(what + " is ready (" + seconds(took) + ")");
    }

    /** A line that belongs to the one before. */
    synchronized void detail(String line) {
        out.println("           " + printable(line));
        out.flush();
    }

    synchronized void plain(String line) {
        out.println(line);
        out.flush();
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
    }

    /** What senders wrote may hold control characters: a terminal must not obey them. */
    static String printable(String line) {
        // Cc holds both sets of control characters, Cf what turns the direction of text; Java's Cntrl is ASCII's alone.
        return line.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "·");
    }
}
