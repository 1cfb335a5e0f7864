package io.kordon.gateway;

import org.jspecify.annotations.Nullable;

/**
 * Why a whole request is not taken.
 *
 * @param status HTTP status
 * @param code stable and machine-readable
 * @param field header, parameter or member at fault; null where the whole is
 * @param reason for a reader
 */
record Refusal(int status, String code, @Nullable String field, String reason) {
    static final Refusal EMPTY = new Refusal(400, "body.empty", null, "the body is empty");
    static final Refusal BUSY = new Refusal(503, "busy.queue", null, "too many requests wait for a worker");
    static final Refusal FULL = new Refusal(503, "busy.memory", null, "too many bytes of other requests in memory");
    static final Refusal SLOW_BODY = new Refusal(408, "body.timeout", null, "the body took too long to arrive");
    static final Refusal UNACKNOWLEDGED =
            new Refusal(503, "kafka.timeout", null, "Kafka did not acknowledge in time: send again");
    static final Refusal KAFKA = new Refusal(503, "kafka.unavailable", null, "Kafka did not take it: send again");
    static final Refusal REGISTRY =
            new Refusal(503, "registry.unavailable", null, "the schema registry did not answer: send again");
    static final Refusal FAULT = new Refusal(500, "internal", null, "an error of the gateway's own; see its log");

    static final Refusal CLUSTER =
            new Refusal(400, "cluster.invalid", "cluster", "must be 1 to 100 letters, digits, . _ -");
    static final Refusal TOO_MANY_NONCES =
            new Refusal(503, "busy.nonces", null, "too many signed requests within the replay window");

    static Refusal tooLarge(long limit) {
        return new Refusal(413, "body.too-large", null, "the body is larger than " + limit + " bytes");
    }
}
