package io.kordon.streams.incident;

/** Where an incident stands. */
public enum Status {
    OPEN,
    /** A command waits for an analyst, and nothing is under way. */
    AWAITING_APPROVAL,
    CONTAINING,
    CONTAINED,
    /** What was asked for could not be done, or not be undone. */
    CONTAINMENT_FAILED,
    /** What was contained has been given back, and nothing has been contained since. */
    RELEASED,
    CLOSED,
    DISMISSED
}
