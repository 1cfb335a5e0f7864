package io.kordon.elasticsearch.kibana;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kordon.elasticsearch.kibana.Content.Panel;

/** A panel as Kibana's Lens stores it: one layer, its columns in order, and how they are drawn. */
final class Lens {
    static final String LAYER = "layer";
    private static final String RECORDS = "___records___";

    private final Panel panel;
    private final Fields fields;

    Lens(Panel panel, Fields fields) {
        this.panel = panel;
        this.fields = fields;
    }

    static String bucketId(int index) {
        return "bucket-" + index;
    }

    static String metricId(int index) {
        return "metric-" + index;
    }

    ObjectNode attributes(String title) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        attributes.put("title", title).put("description", panel.question()).put("visualizationType", type());
        ObjectNode state = attributes.putObject("state");
        state.set("visualization", visualization());
        state.putObject("query").put("query", panel.filter().kql()).put("language", "kuery");
        state.putArray("filters");
        ObjectNode sources = state.putObject("datasourceStates");
        sources.putObject("formBased").putObject("layers").set(LAYER, layer());
        sources.putObject("textBased").putObject("layers");
        state.putArray("internalReferences");
        state.putObject("adHocDataViews");
        return attributes;
    }

    private String type() {
        return switch (panel.shape()) {
            case METRIC -> "lnsMetric";
            case BARS, BARS_HORIZONTAL, LINE -> "lnsXY";
            case DONUT -> "lnsPie";
            case TABLE -> "lnsDatatable";
            case HEATMAP -> "lnsHeatmap";
        };
    }

    private ObjectNode layer() {
        ObjectNode layer = JsonNodeFactory.instance.objectNode();
        ObjectNode columns = layer.putObject("columns");
        ArrayNode order = layer.putArray("columnOrder");
        for (int i = 0; i < panel.buckets().size(); i++) {
            order.add(bucketId(i));
            columns.set(bucketId(i), bucket(panel.buckets().get(i)));
        }
        for (int i = 0; i < panel.metrics().size(); i++) {
            order.add(metricId(i));
            columns.set(metricId(i), metric(panel.metrics().get(i)));
        }
        layer.putObject("incompleteColumns");
        layer.put("sampling", 1).put("ignoreGlobalFilters", false);
        return layer;
    }

    private ObjectNode bucket(Bucket bucket) {
        ObjectNode column = JsonNodeFactory.instance.objectNode();
        column.put("label", bucket.label())
                .put("customLabel", true)
                .put("dataType", fields.dataType(bucket.field()))
                .put("isBucketed", true)
                .put("sourceField", bucket.field());
        ObjectNode parameters = column.putObject("params");
        if (bucket instanceof Bucket.Terms terms) {
            column.put("operationType", "terms").put("scale", "ordinal");
            parameters.put("size", terms.size());
            parameters.putObject("orderBy").put("type", "column").put("columnId", metricId(0));
            parameters.put("orderDirection", "desc").put("otherBucket", false).put("missingBucket", false);
            parameters.putObject("parentFormat").put("id", "terms");
            parameters.putArray("include");
            parameters.putArray("exclude");
            parameters.put("includeIsRegex", false).put("excludeIsRegex", false);
        } else {
            column.put("operationType", "date_histogram").put("scale", "interval");
            parameters.put("interval", "auto").put("includeEmptyRows", true).put("dropPartials", false);
        }
        return column;
    }

    private ObjectNode metric(Metric metric) {
        boolean count = metric.operation() == Metric.Operation.COUNT;
        ObjectNode column = JsonNodeFactory.instance.objectNode();
        column.put("label", metric.label())
                .put("customLabel", true)
                .put(
                        "dataType",
                        metric.operation() == Metric.Operation.MAX ? fields.dataType(metric.field()) : "number")
                .put("operationType", metric.operation().lens())
                .put("isBucketed", false)
                .put("scale", "ratio")
                .put("sourceField", count ? RECORDS : metric.field());
        if (!metric.filter().equals(Filter.ALL)) {
            column.putObject("filter").put("query", metric.filter().kql()).put("language", "kuery");
        }
        ObjectNode parameters = column.putObject("params");
        switch (metric.operation()) {
            case COUNT, UNIQUE -> parameters.put("emptyAsNull", false);
            case PERCENTILE_95 -> parameters.put("percentile", 95);
            case AVERAGE, MAX, MEDIAN -> {}
        }
        return column;
    }

    private ObjectNode visualization() {
        ObjectNode drawn = JsonNodeFactory.instance.objectNode();
        switch (panel.shape()) {
            case METRIC -> data(drawn).put("metricAccessor", metricId(0));
            case BARS -> xy(drawn, "bar_stacked");
            case BARS_HORIZONTAL -> xy(drawn, "bar_horizontal_stacked");
            case LINE -> xy(drawn, "line");
            case DONUT -> donut(drawn);
            case TABLE -> table(drawn);
            case HEATMAP -> heatmap(drawn);
        }
        return drawn;
    }

    private static ObjectNode data(ObjectNode layer) {
        return layer.put("layerId", LAYER).put("layerType", "data");
    }

    private void xy(ObjectNode drawn, String series) {
        drawn.putObject("legend").put("isVisible", true).put("position", "right");
        drawn.put("valueLabels", "hide").put("fittingFunction", "None").put("preferredSeriesType", series);
        ObjectNode layer = data(drawn.putArray("layers").addObject());
        layer.put("seriesType", series).put("position", "top").put("showGridlines", false);
        metrics(layer.putArray("accessors"));
        layer.put("xAccessor", bucketId(0));
        if (panel.buckets().size() > 1) {
            layer.put("splitAccessor", bucketId(1));
        }
    }

    private void donut(ObjectNode drawn) {
        drawn.put("shape", "donut");
        ObjectNode layer = data(drawn.putArray("layers").addObject());
        ArrayNode groups = layer.putArray("primaryGroups");
        for (int i = 0; i < panel.buckets().size(); i++) {
            groups.add(bucketId(i));
        }
        metrics(layer.putArray("metrics"));
        layer.put("numberDisplay", "value")
                .put("categoryDisplay", "default")
                .put("legendDisplay", "default")
                .put("nestedLegend", false);
    }

    private void table(ObjectNode drawn) {
        ArrayNode columns = data(drawn).putArray("columns");
        for (int i = 0; i < panel.buckets().size(); i++) {
            columns.addObject().put("columnId", bucketId(i)).put("isTransposed", false);
        }
        for (int i = 0; i < panel.metrics().size(); i++) {
            columns.addObject().put("columnId", metricId(i)).put("isTransposed", false);
        }
    }

    private static void heatmap(ObjectNode drawn) {
        data(drawn).put("shape", "heatmap");
        drawn.put("xAccessor", bucketId(0)).put("yAccessor", bucketId(1)).put("valueAccessor", metricId(0));
        drawn.putObject("legend")
                .put("isVisible", true)
                .put("position", "right")
                .put("type", "heatmap_legend");
        drawn.putObject("gridConfig")
                .put("type", "heatmap_grid")
                .put("isCellLabelVisible", true)
                .put("isYAxisLabelVisible", true)
                .put("isXAxisLabelVisible", true)
                .put("isYAxisTitleVisible", true)
                .put("isXAxisTitleVisible", true);
    }

    private void metrics(ArrayNode accessors) {
        for (int i = 0; i < panel.metrics().size(); i++) {
            accessors.add(metricId(i));
        }
    }
}
