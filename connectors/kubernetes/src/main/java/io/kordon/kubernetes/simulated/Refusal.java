package io.kordon.kubernetes.simulated;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;

/** The API server's answer to a request that it does not fulfil: a {@code Status} object. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    Refusal(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    static Refusal conflict(String resource, String name, String why) {
        return new Refusal(
                409, "Conflict", "Operation cannot be fulfilled on " + resource + " \"" + name + "\": " + why);
    }

    /** @param kind kind of the object, as {@code Pod} */
    static Refusal immutableUid(String kind, String name, String uid) {
        return invalid(kind, name, "metadata.uid: Invalid value: \"" + uid + "\": field is immutable");
    }

    static Refusal invalid(String kind, String name, String why) {
        return new Refusal(422, "Invalid", kind + " \"" + name + "\" is invalid: " + why);
    }

    static Refusal badRequest(String message) {
        return new Refusal(400, "BadRequest", message);
    }

    static Refusal notFound(String resource, String name) {
        return new Refusal(404, "NotFound", resource + " \"" + name + "\" not found");
    }

    MockResponse response() {
        return new MockResponse()
                .setResponseCode(code)
                .setHeader("Content-Type", "application/json")
                .setBody(Serialization.asJson(new StatusBuilder()
                        .withStatus("Failure")
                        .withCode(code)
                        .withReason(reason)
                        .withMessage(getMessage())
                        .build()));
    }
}
