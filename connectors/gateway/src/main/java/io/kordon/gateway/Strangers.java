package io.kordon.gateway;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets so many refusals of strangers into the log and no more: anybody who can open a socket could fill it. */
final class Strangers {
    /** Lines a minute. */
    static final int MOST = 60;

    private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanos;
    private long begun;
    private int lines;

    /** @param nanos the time, as {@link System#nanoTime} tells it */
    Strangers(LongSupplier nanos) {
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    /** Whether one more line may be written. Says so itself when it is the last for a while. */
    synchronized boolean mayBeLogged() {
        long now = nanos.getAsLong();
        if (now - begun >= MINUTE) {
            begun = now;
            lines = 0;
        }
        lines = Math.min(lines + 1, MOST + 2);
        if (lines == MOST + 1) {
            LOG.info("More than {} refusals of strangers within a minute: the others are counted, not logged", MOST);
        }
        return lines <= MOST;
    }
}
