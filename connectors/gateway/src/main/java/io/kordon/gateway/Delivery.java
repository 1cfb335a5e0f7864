package io.kordon.gateway;

import io.kordon.decoding.Origin;
import io.kordon.decoding.Slice;

/**
 * A request whose body has arrived.
 *
 * @param body not empty; compressed where {@code gzip}
 * @param lines whether its content type says JSON lines
 * @param memory the request's share, to which inflating adds
 */
record Delivery(Webhook webhook, Slice body, boolean gzip, boolean lines, Origin origin, MemoryBudget.Share memory) {}
