/**
 * Detection: which rules match one event. Stateless, and the hottest part of the engine: every event passes here, and
 * nearly all of them match nothing.
 */
@NullMarked
package io.kordon.streams.detection;

import org.jspecify.annotations.NullMarked;
