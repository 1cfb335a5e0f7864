package io.kordon.kubernetes.simulated;

import java.util.concurrent.atomic.AtomicInteger;

/** The end of a client between two of its requests, rehearsed: from one on, none is heard. */
final class Fuse {
    /** What becomes of a request. */
    enum Fate {
        ANSWERED,
        /** It is carried out, and its answer is lost. */
        UNANSWERED,
        UNHEARD
    }

    private final AtomicInteger left;
    private final boolean carriedOut;

    /**
     * @param answered requests that are still answered
     * @param carriedOut whether the one after them takes effect, its answer being lost
     */
    Fuse(int answered, boolean carriedOut) {
        this.left = new AtomicInteger(answered);
        this.carriedOut = carriedOut;
    }

    Fate next() {
        int before = left.getAndDecrement();
        return before > 0 ? Fate.ANSWERED : before == 0 && carriedOut ? Fate.UNANSWERED : Fate.UNHEARD;
    }
}
