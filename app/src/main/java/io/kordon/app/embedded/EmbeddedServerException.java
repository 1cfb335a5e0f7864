package io.kordon.app.embedded;

/** A server did not come up. The message says which one, why as far as known, and shows the end of its log. */
public final class EmbeddedServerException extends RuntimeException {
    EmbeddedServerException(String message) {
        super(message);
    }

    EmbeddedServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
