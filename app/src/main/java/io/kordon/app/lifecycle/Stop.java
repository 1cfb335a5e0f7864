package io.kordon.app.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits for SIGTERM or Ctrl-C, and holds the exit back until everything is closed. Open it first and close it last. */
public final class Stop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Object guard = new Object();
    private @Nullable Thread starting;

    public Stop() {
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
        try {
            if (!closed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("kordon: still not stopped after " + PATIENCE.toSeconds() + " s; giving up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
