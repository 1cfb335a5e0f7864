package io.kordon.elasticsearch.kibana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kordon.elasticsearch.kibana.Content.Listing;
import io.kordon.elasticsearch.kibana.Content.Panel;
import java.util.List;

/**
 * What Kibana asks of Elasticsearch for what stands on a dashboard: made of the same definition as the saved object, so that a
 * test of the one speaks of the other. Buckets stand in one another in their order, metrics in the innermost.
 */
public final class Search {
    private static final String BUCKETS = "buckets";

    private Search() {}

    /**
     * The body of the search.
     *
     * @param from start of the time asked for, in Elasticsearch's date math
     */
    public static ObjectNode body(Content content, String from) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode all = body.putObject("query").putObject("bool").putArray("filter");
        all.addObject().putObject("range").putObject("@timestamp").put("gte", from);
        if (content instanceof Panel panel) {
            all.add(panel.filter().query());
            body.put("size", 0).put("track_total_hits", true);
            body.set("aggs", aggregations(panel, panel.buckets()));
        } else if (content instanceof Listing listing) {
            all.add(listing.filter().query());
            body.put("size", 500);
            body.putArray("sort").addObject().put("@timestamp", listing.newestFirst() ? "desc" : "asc");
            ArrayNode fields = body.putArray("fields");
            listing.columns().forEach(fields::add);
        }
        return body;
    }

    private static ObjectNode aggregations(Panel panel, List<Bucket> left) {
        ObjectNode aggregations = JsonNodeFactory.instance.objectNode();
        if (left.isEmpty()) {
            metrics(panel, aggregations);
            return aggregations;
        }
        ObjectNode buckets = aggregations.putObject(BUCKETS);
        if (left.get(0) instanceof Bucket.Terms terms) {
            ObjectNode asked = buckets.putObject("terms");
            asked.put("field", terms.field()).put("size", terms.size());
            asked.putObject("order").put(order(panel), "desc");
        } else {
            buckets.putObject("date_histogram")
                    .put("field", left.get(0).field())
                    .put("fixed_interval", "30m")
                    .put("min_doc_count", 1);
        }
        ObjectNode inner = aggregations(panel, left.subList(1, left.size()));
        metrics(panel, inner); // the order of the outer ones needs them too
        buckets.set("aggs", inner);
        return aggregations;
    }

    private static String order(Panel panel) {
        Metric first = panel.metrics().get(0);
        return switch (first.operation()) {
            case COUNT -> "_count";
            case UNIQUE, AVERAGE, MAX -> Lens.metricId(0);
            case MEDIAN -> Lens.metricId(0) + "[50]";
            case PERCENTILE_95 -> Lens.metricId(0) + "[95]";
        };
    }

    private static void metrics(Panel panel, ObjectNode aggregations) {
        for (int i = 0; i < panel.metrics().size(); i++) {
            Metric metric = panel.metrics().get(i);
            boolean filtered = !metric.filter().equals(Filter.ALL);
            if (metric.operation() == Metric.Operation.COUNT && !filtered) {
                continue; // every bucket counts its documents
            }
            ObjectNode measured = filtered ? aggregations.putObject(Lens.metricId(i)) : measured(metric);
            if (filtered) {
                measured.set("filter", metric.filter().query());
                if (metric.operation() != Metric.Operation.COUNT) {
                    measured.putObject("aggs").set("value", measured(metric));
                }
            }
            aggregations.set(Lens.metricId(i), measured);
        }
    }

    private static ObjectNode measured(Metric metric) {
        ObjectNode aggregation = JsonNodeFactory.instance.objectNode();
        switch (metric.operation()) {
            case COUNT -> throw new IllegalArgumentException("a count is no aggregation");
            case UNIQUE -> aggregation.putObject("cardinality").put("field", metric.field());
            case AVERAGE -> aggregation.putObject("avg").put("field", metric.field());
            case MAX -> aggregation.putObject("max").put("field", metric.field());
            case MEDIAN -> percentiles(aggregation, metric.field(), 50);
            case PERCENTILE_95 -> percentiles(aggregation, metric.field(), 95);
        }
        return aggregation;
    }

    private static void percentiles(ObjectNode aggregation, String field, int percent) {
        aggregation
                .putObject("percentiles")
                .put("field", field)
                .putArray("percents")
                .add(percent);
    }
}
