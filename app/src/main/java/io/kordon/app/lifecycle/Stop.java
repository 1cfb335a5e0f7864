package io.kordon.app.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for SIGTERM or Ctrl-C, and holds the exit back until everything is closed, or until its patience or that of whoever
 * sends the signal again is over. Open it first and close it last.
 */
public final class Stop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stop.class);
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Object guard = new Object();
    private final Duration patience;
    private @Nullable Thread starting;

    public Stop() {
        this(PATIENCE);
    }

    /** @param patience longest time from the signal to the end of the process */
    public Stop(Duration patience) {
        this.patience = patience;
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
    }

    /** Something that takes its time to start. */
    public interface Start<T, E extends Exception> {
        T start() throws E, InterruptedException;
    }

    /** Starts something, and interrupts that when the process is asked to stop meanwhile. */
    public <T, E extends Exception> T interruptible(Start<T, E> start) throws E, InterruptedException {
        synchronized (guard) {
            starting = Thread.currentThread();
        }
        try {
            if (asked()) {
                throw new InterruptedException("asked to stop");
            }
            return start.start();
        } finally {
            synchronized (guard) {
                starting = null;
            }
        }
    }

    /**
     * Returns when the process is asked to stop, or when its component no longer runs.
     *
     * @return whether it was asked to
     */
    public boolean await(BooleanSupplier running) throws InterruptedException {
        while (running.getAsBoolean()) {
            if (asked.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return asked();
    }

    /**
     * Returns when the process is asked to stop, or the time is up.
     *
     * @return whether it was asked to
     */
    public boolean await(Duration limit) throws InterruptedException {
        return asked.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the process was asked to stop. */
    public boolean asked() {
        return asked.getCount() == 0;
    }

    /** Lets the process end: call it when everything else is closed. */
    @Override
    public void close() {
        closed.countDown();
    }

    private void stopAndWait() {
        asked.countDown();
        synchronized (guard) {
            if (starting != null) {
                starting.interrupt();
            }
        }
        SecondSignal.endsAtOnce();
        try {
            if (!closed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error("still not stopped after {} s: ending as it is", patience.toSeconds());
                Runtime.getRuntime().halt(1); // other hooks may hang at what has hung here
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
