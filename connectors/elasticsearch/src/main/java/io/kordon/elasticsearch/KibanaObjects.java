package io.kordon.elasticsearch;

import io.kordon.elasticsearch.kibana.SavedObjects;

/** Kordon's dashboards over the indices that this plugin makes. */
public final class KibanaObjects {
    private KibanaObjects() {}

    /**
     * Lines for Kibana's import of saved objects.
     *
     * @param indexPrefix before every index's name, as {@code kordon-}
     */
    public static String ndjson(String indexPrefix) {
        ElasticsearchSinkConfig.validateIndexPrefix(ElasticsearchSinkConfig.INDEX_PREFIX, indexPrefix);
        return new SavedObjects(indexPrefix, Templates.fields()).ndjson();
    }
}
