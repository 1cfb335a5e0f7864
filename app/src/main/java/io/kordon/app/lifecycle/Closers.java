package io.kordon.app.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What was opened, closed in the opposite order; what went wrong is thrown when all is closed. */
public final class Closers implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Takes charge of {@code one}. */
    public synchronized <T extends AutoCloseable> T add(T one) {
        open.push(one);
        return one;
    }

    @Override
    public synchronized void close() {
        RuntimeException first = null;
        while (!open.isEmpty()) {
            RuntimeException failure = close(open.pop());
            if (first == null) {
                first = failure;
            } else if (failure != null) {
                first.addSuppressed(failure);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static @Nullable RuntimeException close(AutoCloseable one) {
        try {
            one.close();
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IllegalStateException("interrupted while stopping", e);
        } catch (Exception e) {
            return new IllegalStateException("could not stop: " + e.getMessage(), e);
        }
    }
}
