package io.kordon.evidence;

import java.io.IOException;

/** A bundle takes no more. Trying again does not help; what is in it can be sealed all the same. */
public final class BundleFullException extends IOException {
    private static final long serialVersionUID = 1L;

    BundleFullException(String message) {
        super(message);
    }
}
