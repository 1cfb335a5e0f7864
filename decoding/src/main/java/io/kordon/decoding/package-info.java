/**
 * From bytes to events: {@linkplain io.kordon.decoding.Decoder pure decoders} of the three senders' JSON. Nothing here knows HTTP or Kafka, keeps state, reads a clock or throws for what a sender wrote: bad input comes
 * out as {@link io.kordon.decoding.Decoded.Rejected}.
 */
@NullMarked
package io.kordon.decoding;

import org.jspecify.annotations.NullMarked;
