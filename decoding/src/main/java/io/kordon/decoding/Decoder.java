package io.kordon.decoding;

import java.util.function.Consumer;

/** One sender's format. Stateless and safe for any number of threads. */
public interface Decoder {
    /** Most items that one request may hold: each costs memory of its own, however few bytes it has. */
    int MAX_ITEMS = 50_000;

    /**
     * Decodes a body, item by item and in its order. Each item is handed over as soon as it is decoded, so that not all
     * of them need to be in memory at once.
     *
     * @param body not empty; already inflated
     * @param lines whether the sender said that it sends JSON lines; they are also recognised without that
     * @param out takes one value per item, or a single {@link Decoded.Rejected} when the body is not of this format;
     *     nothing when the body holds no items
     */
    void decode(Slice body, boolean lines, Origin origin, Consumer<Decoded> out);

    /** The format's name in metrics: {@code falco}, {@code prometheus} or {@code audit}. */
    String source();
}
