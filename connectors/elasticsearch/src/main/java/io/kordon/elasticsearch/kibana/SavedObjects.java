package io.kordon.elasticsearch.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kordon.elasticsearch.kibana.Content.Listing;
import io.kordon.elasticsearch.kibana.Content.Panel;
import io.kordon.elasticsearch.kibana.Dashboard.Control;
import io.kordon.elasticsearch.kibana.Dashboard.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Dashboards as Kibana imports them: one saved object a line, each before those that refer to it, every byte the same on every
 * run. Written in the form of Kibana 8.9, which every later 8.x reads and migrates by itself; Kibana refuses objects of a
 * version later than its own.
 */
public final class SavedObjects {
    private static final String CORE = "8.8.0";
    private static final String DEFAULT_PREFIX = "kordon-";

    private final String prefix;
    private final Fields fields;

    /**
     * @param prefix of the indices, and so of the objects' ids: installations with different ones stand side by side
     * @param fields what the templates map
     */
    public SavedObjects(String prefix, Fields fields) {
        this.prefix = prefix;
        this.fields = fields;
    }

    /** All of them, for {@code POST /api/saved_objects/_import}. */
    public String ndjson() {
        return all().stream().map(object -> object + "\n").collect(Collectors.joining());
    }

    List<ObjectNode> all() {
        List<ObjectNode> objects = new ArrayList<>();
        for (View view : View.values()) {
            objects.add(view(view));
        }
        Map<String, Content> contents = new LinkedHashMap<>();
        for (Dashboard dashboard : Dashboards.all()) {
            dashboard.places().forEach(place -> contents.put(place.content().id(), place.content()));
        }
        contents.values().forEach(content -> objects.add(content(content)));
        Dashboards.all().forEach(dashboard -> objects.add(dashboard(dashboard)));
        return objects;
    }

    private String title(String title) {
        String whose = prefix.equals(DEFAULT_PREFIX) ? "Kordon" : "Kordon " + prefix;
        return "[" + whose + "] " + title;
    }

    private static ObjectNode object(String type, String id, String version, ObjectNode attributes) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("id", id).put("type", type);
        object.set("attributes", attributes);
        object.putArray("references");
        return object.put("managed", false).put("coreMigrationVersion", CORE).put("typeMigrationVersion", version);
    }

    private static void refer(ObjectNode object, String name, String type, String id) {
        object.withArray("references")
                .addObject()
                .put("name", name)
                .put("type", type)
                .put("id", id);
    }

    /**
     * Formats are set for durations alone. Everything else is shown as it is, which for texts means as text: what a sender
     * wrote must become neither a link nor markup.
     */
    private ObjectNode view(View view) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        attributes
                .put("title", view.pattern(prefix))
                .put("name", title(view.title()))
                .put("timeFieldName", "@timestamp");
        ObjectNode formats = JsonNodeFactory.instance.objectNode();
        fields.types().forEach((field, type) -> {
            if (type.equals("long") && field.endsWith("_ms")) {
                formats.putObject(field)
                        .put("id", "duration")
                        .putObject("params")
                        .put("inputFormat", "milliseconds")
                        .put("outputFormat", "humanizePrecise")
                        .put("outputPrecision", 1)
                        .put("includeSpaceWithSuffix", true)
                        .put("useShortSuffix", true);
            }
        });
        attributes
                .put("fieldFormatMap", formats.toString())
                .put("fieldAttrs", "{}")
                .put("fields", "[]")
                .put("runtimeFieldMap", "{}")
                .put("sourceFilters", "[]")
                .put("typeMeta", "{}");
        return object("index-pattern", view.id(prefix), "8.0.0", attributes);
    }

    private ObjectNode content(Content content) {
        if (content instanceof Panel panel) {
            requireFields(panel);
            ObjectNode lens = object(
                    "lens", prefix + panel.id(), "8.9.0", new Lens(panel, fields).attributes(title(panel.title())));
            refer(
                    lens,
                    "indexpattern-datasource-layer-" + Lens.LAYER,
                    "index-pattern",
                    panel.view().id(prefix));
            return lens;
        }
        Listing listing = (Listing) content;
        ObjectNode search = object("search", prefix + listing.id(), "8.0.0", search(listing));
        refer(
                search,
                "kibanaSavedObjectMeta.searchSourceJSON.index",
                "index-pattern",
                listing.view().id(prefix));
        return search;
    }

    private void requireFields(Panel panel) {
        panel.filter().fields().forEach(fields::type);
        panel.metrics().forEach(metric -> metric.filter().fields().forEach(fields::type));
        panel.metrics().stream()
                .filter(metric -> !metric.field().isEmpty())
                .forEach(metric -> fields.type(metric.field()));
    }

    private ObjectNode search(Listing listing) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        attributes.put("title", title(listing.title())).put("description", listing.question());
        ArrayNode columns = attributes.putArray("columns");
        for (String column : listing.columns()) {
            fields.type(column);
            columns.add(column);
        }
        attributes.putArray("sort").addArray().add("@timestamp").add(listing.newestFirst() ? "desc" : "asc");
        attributes.putObject("grid");
        attributes
                .put("hideChart", true)
                .put("isTextBasedQuery", false)
                .put("usesAdHocDataView", false)
                .put("timeRestore", false);
        ObjectNode source = query(listing.filter().kql());
        source.put("indexRefName", "kibanaSavedObjectMeta.searchSourceJSON.index");
        attributes.putObject("kibanaSavedObjectMeta").put("searchSourceJSON", source.toString());
        return attributes;
    }

    private static ObjectNode query(String kql) {
        ObjectNode source = JsonNodeFactory.instance.objectNode();
        source.putObject("query").put("query", kql).put("language", "kuery");
        source.putArray("filter");
        return source;
    }

    private ObjectNode dashboard(Dashboard dashboard) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        ObjectNode object = object("dashboard", prefix + dashboard.id(), "8.9.0", attributes);
        attributes
                .put("title", title(dashboard.title()))
                .put("description", dashboard.description())
                .put("version", 1)
                .put("timeRestore", true)
                .put("timeFrom", dashboard.from())
                .put("timeTo", "now");
        attributes.putObject("refreshInterval").put("pause", true).put("value", 60_000);
        attributes
                .putObject("kibanaSavedObjectMeta")
                .put("searchSourceJSON", query("").toString());
        attributes.put(
                "optionsJSON",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("useMargins", true)
                        .put("syncColors", true)
                        .put("syncCursor", true)
                        .put("syncTooltips", false)
                        .put("hidePanelTitles", false)
                        .toString());
        attributes.put("panelsJSON", panels(dashboard, object).toString());
        if (!dashboard.controls().isEmpty()) {
            controls(dashboard, object, attributes.putObject("controlGroupInput"));
        }
        return object;
    }

    private ArrayNode panels(Dashboard dashboard, ObjectNode object) {
        ArrayNode panels = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < dashboard.places().size(); i++) {
            Place place = dashboard.places().get(i);
            String index = "panel-" + i;
            String type = place.content() instanceof Panel ? "lens" : "search";
            ObjectNode panel = panels.addObject();
            panel.put("version", "8.9.0").put("type", type);
            panel.putObject("gridData")
                    .put("x", place.x())
                    .put("y", place.y())
                    .put("w", place.width())
                    .put("h", place.height())
                    .put("i", index);
            panel.put("panelIndex", index);
            ObjectNode enhancements = panel.putObject("embeddableConfig").putObject("enhancements");
            panel.put("panelRefName", "panel_" + index);
            refer(
                    object,
                    index + ":panel_" + index,
                    type,
                    prefix + place.content().id());
            if (place.opens() != null) {
                open(enhancements, "open-" + i);
                refer(
                        object,
                        index + ":drilldown:DASHBOARD_TO_DASHBOARD_DRILLDOWN:open-" + i + ":dashboardId",
                        "dashboard",
                        prefix + place.opens());
            }
        }
        return panels;
    }

    private static void open(ObjectNode enhancements, String event) {
        ObjectNode action =
                enhancements.putObject("dynamicActions").putArray("events").addObject();
        action.put("eventId", event).putArray("triggers").add("FILTER_TRIGGER");
        action.putObject("action")
                .put("factoryId", "DASHBOARD_TO_DASHBOARD_DRILLDOWN")
                .put("name", "Open the incident")
                .putObject("config")
                .put("useCurrentFilters", true)
                .put("useCurrentDateRange", true)
                .put("openInNewTab", false);
    }

    private void controls(Dashboard dashboard, ObjectNode object, ObjectNode group) {
        ObjectNode controls = JsonNodeFactory.instance.objectNode();
        int order = 0;
        for (Control control : dashboard.controls()) {
            fields.type(control.field());
            ObjectNode one = controls.putObject(control.id());
            one.put("order", order++).put("width", "medium").put("grow", true).put("type", "optionsListControl");
            one.putObject("explicitInput")
                    .put("id", control.id())
                    .put("title", control.title())
                    .put("fieldName", control.field())
                    .putObject("enhancements");
            refer(
                    object,
                    "controlGroup_" + control.id() + ":optionsListDataView",
                    "index-pattern",
                    control.view().id(prefix));
        }
        JsonNode ignore = JsonNodeFactory.instance
                .objectNode()
                .put("ignoreFilters", false)
                .put("ignoreQuery", false)
                .put("ignoreTimerange", false)
                .put("ignoreValidations", false);
        group.put("controlStyle", "oneLine")
                .put("chainingSystem", "HIERARCHICAL")
                .put("panelsJSON", controls.toString())
                .put("ignoreParentSettingsJSON", ignore.toString());
    }
}
