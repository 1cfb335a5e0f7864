package io.kordon.evidence;

import java.time.Duration;

/**
 * How long a store must keep each object from being deleted or written over, by itself.
 *
 * @param mode who may shorten it
 * @param retention from when the object is written
 */
public record ObjectLock(Mode mode, Duration retention) {
    /** S3's words for it. */
    public enum Mode {
        /** Whoever holds {@code s3:BypassGovernanceRetention}. */
        GOVERNANCE,
        /** Nobody, the account's owner included. */
        COMPLIANCE
    }

    public ObjectLock {
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("an object lock of " + retention + " locks nothing");
        }
    }
}
