package io.kordon.kubernetes.capture;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A point in time by which something has to have ended. By the monotonic clock: nobody can turn it. */
final class Deadline {
    private static final Logger LOG = LoggerFactory.getLogger(Deadline.class);
    private static final ScheduledThreadPoolExecutor ALARM = alarm();

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** This one, or the given time from now, whichever is earlier. */
    Deadline within(Duration duration) {
        Deadline other = in(duration);
        return other.nanos - nanos < 0 ? other : this;
    }

    boolean over() {
        return millisLeft() == 0;
    }

    /** Milliseconds that are left; 0 when it is over. */
    long millisLeft() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()));
    }

    /** Closes a stream when time is over: a read that waits on it ends then. To be cancelled when the stream is done. */
    ScheduledFuture<?> closing(Closeable stream) {
        return ALARM.schedule(
                () -> {
                    try {
                        stream.close();
                    } catch (IOException | RuntimeException e) {
                        LOG.debug("a stream that took too long could not be closed", e);
                    }
                },
                millisLeft(),
                TimeUnit.MILLISECONDS);
    }

    private static ScheduledThreadPoolExecutor alarm() {
        ScheduledThreadPoolExecutor alarm = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "kordon-capture-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        alarm.setRemoveOnCancelPolicy(true);
        return alarm;
    }
}
