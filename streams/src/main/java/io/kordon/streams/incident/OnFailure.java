package io.kordon.streams.incident;

/** What a step that fails means for those after it. */
public enum OnFailure {
    /** They are skipped. */
    STOP,
    /** They are run all the same. */
    CONTINUE
}
