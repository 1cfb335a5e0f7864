package io.kordon.decoding;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where log shippers and clouds put the line that they read, as a string or already parsed: {@code properties.log} (Azure),
 * {@code log} (Fluent Bit), {@code message} (Vector, Filebeat), in this order of trust. Collects them while an object is
 * read that may turn out to be an envelope; what stands beside them ({@code kubernetes}, {@code file} …) is the shipper's.
 */
final class ShippedLine {
    /** Most envelopes around one line: a container's log, a shipper, a cloud. */
    static final int MAX_ENVELOPES = 3;

    private final int envelopes;
    private @Nullable Slice azure;
    private @Nullable Slice log;
    private @Nullable Slice message;

    ShippedLine() {
        this(0);
    }

    private ShippedLine(int envelopes) {
        this.envelopes = envelopes;
    }

    /** For what is inside the line. */
    ShippedLine within() {
        return new ShippedLine(envelopes + 1);
    }

    /** Reads or skips a member that no event has. */
    void member(String name, JsonReader in) throws IOException {
        switch (name) {
            case "properties" ->
                in.objectOrSkip(name, (part, inside) -> {
                    Slice value = inside.embedded();
                    azure = part.equals("log") ? value : azure;
                });
            case "log" -> log = in.embedded();
            case "message" -> message = in.embedded();
            default -> in.skip();
        }
    }

    /**
     * The line, when there is one that may be JSON; else null.
     *
     * @throws Malformed when it is wrapped more often than anybody does
     */
    @Nullable
    Slice line() throws Malformed {
        Slice line = azure != null ? azure : log != null ? log : message;
        if (line != null && envelopes == MAX_ENVELOPES) {
            throw new Malformed("json.limit", null, "the event is inside more than " + MAX_ENVELOPES + " envelopes");
        }
        return line;
    }

    /** Name of the member that holds the line, after the path of this object. */
    String path(@Nullable String before) {
        String name = azure != null ? "properties.log" : log != null ? "log" : "message";
        return before == null ? name : before + "." + name;
    }
}
