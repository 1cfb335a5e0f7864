/**
 * Kafka Connect sink that keeps Kordon's incidents, signals, commands and results in Elasticsearch, in the Elastic Common
 * Schema. {@link io.kordon.elasticsearch.ElasticsearchSinkTask} holds the order of things: records wait in one queue, are
 * decoded, made into documents and written in bulk; an offset is committed when its record is written or reported, and
 * not before.
 */
@NullMarked
package io.kordon.elasticsearch;

import org.jspecify.annotations.NullMarked;
