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

    /**
     * What one request holds. Given back once its answer is out and no worker has its body any more: a sender that was told
     * to come again frees no memory while its body still waits in the queue.
     */
    final class Share {
        private long held;
        private boolean answered;
        private boolean working;
        private boolean given;

        /** Takes {@code bytes} more; false, and nothing taken, when there is no room or the answer is out. */
        synchronized boolean take(long bytes) {
            if (answered) {
                return false;
            }
            if (used.addAndGet(bytes) > limit) {
                used.addAndGet(-bytes);
                return false;
            }
            held += bytes;
            return true;
        }

        /** Says that a worker is to have the body. */
        synchronized void handOver() {
            working = true;
        }

        /** Says that no worker has the body any more. */
        synchronized void handBack() {
            working = false;
            settle();
        }

        /** Says that the answer is out; again is harmless. */
        synchronized void release() {
            answered = true;
            settle();
        }

        /** Whether the answer is out, so that nobody waits for what may still be done. */
        synchronized boolean isAnswered() {
            return answered;
        }

        private void settle() {
            if (answered && !working && !given) {
                given = true;
                used.addAndGet(-held);
            }
        }
    }
}
