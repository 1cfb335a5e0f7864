package io.kordon.streams.incident;

/** Phase of incident handling, as analysts count it. */
public enum Phase {
    /** It is known that something happened. */
    IDENTIFICATION,
    /** Containment has been asked for and is not over, or waits for an analyst. */
    COORDINATION,
    /** Containment is over, well or badly; an analyst's turn. */
    RESOLUTION,
    /** Closed: what remains is to learn from it. */
    IMPROVEMENT
}
