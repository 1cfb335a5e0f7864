package io.kordon.decoding;

import java.nio.charset.StandardCharsets;

/** What a sender wrote of a Falco event, read as Falco's JSON output whatever it was wrapped in. */
public final class FalcoOriginal {
    private FalcoOriginal() {}

    /**
     * Falco's own JSON: the original itself, or the event inside its envelope.
     *
     * @param original as a Falco event's record holds it
     * @return the same text when it is no Falco event
     */
    public static String event(String original) {
        Slice item = Slice.of(original.getBytes(StandardCharsets.UTF_8));
        if (!JsonSlicer.isObject(item) || JsonSlicer.member(item, "rule") != null) {
            return original;
        }
        try {
            return FalcoDecoder.innermost(item).text();
        } catch (Malformed e) {
            return original;
        }
    }
}
