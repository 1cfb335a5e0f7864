/**
 * Real servers for the demonstration and the integration tests: a Kafka broker in this process, a schema registry and an
 * Elasticsearch as its children. All of them listen on the loopback address only, and none outlives this process.
 */
@NullMarked
package io.kordon.app.embedded;

import org.jspecify.annotations.NullMarked;
