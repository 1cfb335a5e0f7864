package io.kordon.evidence.inspect;

import java.io.IOException;

/** Something on the volume is not what it claims to be, or goes beyond a bound. The message says what, where and why. */
final class DamagedException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
        super(message);
    }
}
