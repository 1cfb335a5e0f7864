/**
 * The thin Kafka edge around the engine: records in, {@link io.kordon.streams.topology.KordonTopology the pipeline},
 * records out. Everything that decides lives in the packages beside this one.
 */
@NullMarked
package io.kordon.streams.topology;

import org.jspecify.annotations.NullMarked;
