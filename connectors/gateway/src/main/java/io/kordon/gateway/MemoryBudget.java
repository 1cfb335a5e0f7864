package io.kordon.gateway;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of bodies in memory, over all requests: bounded, however many senders there are. */
final class MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    long used() {
        return used.get();
    }

    Share share() {
        return new Share();
    }

    /** What one request holds. Used by one thread at a time. */
    final class Share {
        private long held;
        private boolean released;

        /** Takes {@code bytes} more; false, and nothing taken, when there is no room or the share was given back. */
        synchronized boolean take(long bytes) {
            if (released) {
                return false;
            }
            if (used.addAndGet(bytes) > limit) {
                used.addAndGet(-bytes);
                return false;
            }
            held += bytes;
            return true;
        }

        /** Gives everything back; again is harmless. */
        synchronized void release() {
            if (!released) {
                released = true;
                used.addAndGet(-held);
            }
        }
    }
}
