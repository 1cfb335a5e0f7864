package io.kordon.app.terminal;

import java.time.Duration;
import java.util.Locale;

/** Durations for a reader. */
public final class Elapsed {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Elapsed() {}

    /** In the two largest units that say something: {@code 2.0 s}, {@code 5 min 3 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
    public static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + " min " + seconds % MINUTE + " s";
        }
        return seconds < DAY
                ? seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min"
                : seconds / DAY + " d " + seconds % DAY / HOUR + " h";
    }
}
