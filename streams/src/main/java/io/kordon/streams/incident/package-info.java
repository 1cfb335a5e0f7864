/**
 * The incident as a value: what it is about, the evidence it rests on, where it stands. Times are event time in epoch
 * microseconds unless a name says otherwise; nothing here reads a clock.
 */
@NullMarked
package io.kordon.streams.incident;

import org.jspecify.annotations.NullMarked;
