package io.kordon.decoding;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Ends the reading of one item. Stays inside this package: outside it is a {@link Decoded.Rejected}. No stack trace. */
final class Malformed extends IOException {
    private final String code;
    private final @Nullable String field;
    private final String detail;

    Malformed(String code, @Nullable String field, String detail) {
        super(detail);
        this.code = code;
        this.field = field;
        this.detail = detail;
    }

    static Malformed missing(String field) {
        return new Malformed("field.missing", field, "is missing or empty");
    }

    static Malformed value(String field, String detail) {
        return new Malformed("field.value", field, detail);
    }

    static Malformed type(String field, String expected) {
        return new Malformed("field.type", field, "must be " + expected);
    }

    /** The same, found in JSON that is itself inside a member. */
    Malformed inside(String path) {
        return new Malformed(code, field == null ? path : path + "." + field, detail);
    }

    Decoded.Rejected rejected(Slice bytes) {
        return new Decoded.Rejected(code, field, detail, bytes);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
