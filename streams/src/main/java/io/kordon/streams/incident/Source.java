package io.kordon.streams.incident;

/** The stream that an event came from. */
public enum Source {
    FALCO,
    PROMETHEUS,
    AUDIT
}
