/**
 * The door: one HTTP server that takes the webhooks of Falco, Alertmanager and the API server, and answers 2xx only after
 * Kafka has acknowledged every record that a request became. {@link io.kordon.gateway.Gateway} wires it; the event loop
 * only reads and writes sockets, a bounded pool of workers decodes and sends.
 */
@NullMarked
package io.kordon.gateway;

import org.jspecify.annotations.NullMarked;
