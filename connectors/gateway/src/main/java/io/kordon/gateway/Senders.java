package io.kordon.gateway;

import io.vertx.core.http.HttpServerRequest;

/** Tells who sent a request. What it says is written into every event, so it must never be taken from the body. */
interface Senders {
    /** A door without credentials. */
    Senders ANONYMOUS = request -> "anonymous";

    String sender(HttpServerRequest request);
}
