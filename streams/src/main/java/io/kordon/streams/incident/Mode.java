package io.kordon.streams.incident;

/** How a playbook runs. */
public enum Mode {
    /** At once. */
    AUTOMATIC,
    /** When an analyst has approved. */
    APPROVAL,
    /** At once, and only to say what would be done. */
    DRY_RUN
}
