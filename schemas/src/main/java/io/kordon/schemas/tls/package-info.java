/**
 * TLS for the clients of Kafka, the registry and Elasticsearch, by the {@code ssl.*} settings that Kafka's clients know, with
 * certificates that are taken up again when their files change.
 */
@NullMarked
package io.kordon.schemas.tls;

import org.jspecify.annotations.NullMarked;
