package io.kordon.streams.incident;

/** The stream that an event came from. */
public enum Source {
    FALCO,
    PROMETHEUS,
    AUDIT,
    /** A match of a correlation, which is a signal to the correlations over it. */
    CORRELATION
}
