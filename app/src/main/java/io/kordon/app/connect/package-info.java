/** Kafka Connect's own runtime with Kordon's Elasticsearch sink in it. */
@NullMarked
package io.kordon.app.connect;

import org.jspecify.annotations.NullMarked;
