/**
 * From bytes to events: {@linkplain io.kordon.decoding.Decoder pure decoders} of the three senders' JSON,
 * with or without what log shippers and clouds wrap around it. Nothing here knows HTTP, keeps state, reads a clock or
 * throws for what a sender wrote: bad input comes out as {@link io.kordon.decoding.Decoded.Rejected}.
 */
@NullMarked
package io.kordon.decoding;

import org.jspecify.annotations.NullMarked;
