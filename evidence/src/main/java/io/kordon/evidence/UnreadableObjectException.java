package io.kordon.evidence;

import java.io.IOException;

/** What lies under a key is nothing that Kordon wrote, such as a symbolic link; the store itself is well. */
final class UnreadableObjectException extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableObjectException(String message) {
        super(message);
    }
}
