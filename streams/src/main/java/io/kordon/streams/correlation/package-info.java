/**
 * Correlation as a pure state machine: the state of one key and an input give the next state and what to tell the world.
 * Knows nothing of Kafka; a processor loads, calls {@link io.kordon.streams.correlation.Engine}, stores and forwards.
 */
@NullMarked
package io.kordon.streams.correlation;

import org.jspecify.annotations.NullMarked;
