package io.kordon.streams.incident;

/** Where an incident stands. */
public enum Status {
    OPEN,
    CONTAINING,
    CONTAINED,
    CONTAINMENT_FAILED,
    CLOSED,
    DISMISSED
}
