/**
 * From a request's bytes to events: {@linkplain io.kordon.gateway.decode.Decoder pure decoders} of the three senders'
 * JSON. Nothing here knows HTTP or Kafka, keeps state, reads a clock or throws for what a sender wrote: bad input comes
 * out as {@link io.kordon.gateway.decode.Decoded.Rejected}.
 */
@NullMarked
package io.kordon.gateway.decode;

import org.jspecify.annotations.NullMarked;
