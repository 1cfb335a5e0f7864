/**
 * Kordon's dashboards: defined in {@code Dashboards}, written as Kibana's saved objects, and asked of Elasticsearch as Kibana
 * asks, from one and the same definition.
 */
@NullMarked
package io.kordon.elasticsearch.kibana;

import org.jspecify.annotations.NullMarked;
