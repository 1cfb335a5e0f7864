package io.kordon.streams.incident;

/** How a playbook runs. */
public enum Mode {
    AUTOMATIC,
    DRY_RUN
}
