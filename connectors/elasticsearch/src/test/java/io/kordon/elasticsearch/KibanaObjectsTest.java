package io.kordon.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads the lines as Kibana gets them, and knows nothing of how they are made. */
class KibanaObjectsTest {
    private static final Pattern KQL_FIELD = Pattern.compile("([a-z@][a-z_.]*) (?::|>) ");

    private final Map<String, String> types = Templates.fields().types();
    private final Map<String, JsonNode> objects = new HashMap<>();
    private final List<JsonNode> inOrder = new ArrayList<>();

    @BeforeEach
    void read() throws IOException {
        for (String line : KibanaObjects.ndjson("kordon-").split("\n", -1)) {
            if (!line.isEmpty()) {
                JsonNode object = Json.MAPPER.readTree(line);
                inOrder.add(object);
                assertThat(objects.put(key(object), object)).as(key(object)).isNull();
            }
        }
    }

    @Test
    void everyRunWritesTheSameBytes() {
        assertThat(KibanaObjects.ndjson("kordon-")).isEqualTo(KibanaObjects.ndjson("kordon-"));
        assertThat(KibanaObjects.ndjson("kordon-")).endsWith("}\n").doesNotContain("\n\n");
    }

    @Test
    void thereAreTheFiveDashboards() {
        assertThat(ofType("dashboard"))
                .extracting(dashboard -> dashboard.path("id").asText())
                .containsExactly(
                        "kordon-overview", "kordon-incident", "kordon-signals", "kordon-response", "kordon-pipeline");
    }

    @Test
    void everyReferenceResolves() {
        for (JsonNode object : inOrder) {
            Set<String> names = new HashSet<>();
            for (JsonNode reference : object.path("references")) {
                assertThat(objects)
                        .as(key(object) + " refers to")
                        .containsKey(reference.path("type").asText() + "/"
                                + reference.path("id").asText());
                assertThat(names.add(reference.path("name").asText())).isTrue();
            }
        }
    }

    @Test
    void everyPanelHasItsReferenceAndEveryReferenceIsUsed() throws IOException {
        for (JsonNode dashboard : ofType("dashboard")) {
            Set<String> wanted = new TreeSet<>();
            for (JsonNode panel : panels(dashboard)) {
                String index = panel.path("panelIndex").asText();
                assertThat(panel.at("/gridData/i").asText()).isEqualTo(index);
                String name = index + ":" + panel.path("panelRefName").asText();
                wanted.add(name);
                assertThat(reference(dashboard, name).path("type").asText())
                        .isEqualTo(panel.path("type").asText());
                for (JsonNode event : panel.at("/embeddableConfig/enhancements/dynamicActions/events")) {
                    String open = index + ":drilldown:DASHBOARD_TO_DASHBOARD_DRILLDOWN:"
                            + event.path("eventId").asText() + ":dashboardId";
                    wanted.add(open);
                    assertThat(reference(dashboard, open).path("type").asText()).isEqualTo("dashboard");
                }
            }
            for (JsonNode control : controls(dashboard)) {
                String name = "controlGroup_" + control.at("/explicitInput/id").asText() + ":optionsListDataView";
                wanted.add(name);
                assertThat(reference(dashboard, name).path("type").asText()).isEqualTo("index-pattern");
            }
            assertThat(dashboard.path("references"))
                    .extracting(one -> one.path("name").asText())
                    .containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    @Test
    void panelsStandOnTheGridAndNotOnEachOther() throws IOException {
        for (JsonNode dashboard : ofType("dashboard")) {
            Set<String> taken = new HashSet<>();
            for (JsonNode panel : panels(dashboard)) {
                JsonNode grid = panel.path("gridData");
                assertThat(grid.path("x").asInt() + grid.path("w").asInt()).isLessThanOrEqualTo(48);
                assertThat(grid.path("w").asInt()).isPositive();
                assertThat(grid.path("h").asInt()).isPositive();
                for (int x = 0; x < grid.path("w").asInt(); x++) {
                    for (int y = 0; y < grid.path("h").asInt(); y++) {
                        assertThat(taken.add((grid.path("x").asInt() + x) + "/"
                                        + (grid.path("y").asInt() + y)))
                                .as("%s stands free in %s", panel.path("panelIndex"), key(dashboard))
                                .isTrue();
                    }
                }
            }
        }
    }

    @Test
    void everyFieldIsMappedFitForItsUseAndWrittenIntoWhatThePanelAsks() throws IOException {
        Map<String, Set<String>> written = written();
        for (JsonNode lens : ofType("lens")) {
            Set<String> there = fieldsOf(lens, written);
            for (JsonNode column : columns(lens)) {
                String field = column.path("sourceField").asText();
                if (!field.equals("___records___")) {
                    assertThat(there).as(key(lens) + " asks for").contains(field);
                    assertThat(types.get(field))
                            .as("type of %s in %s", field, key(lens))
                            .isIn(fit(column.path("operationType").asText()));
                }
                assertKql(lens, column.at("/filter/query").asText(), there);
            }
            assertKql(lens, lens.at("/attributes/state/query/query").asText(), there);
        }
        for (JsonNode search : ofType("search")) {
            Set<String> there = fieldsOf(search, written);
            for (JsonNode column : search.at("/attributes/columns")) {
                assertThat(there).as(key(search)).contains(column.asText());
                assertThat(types).as(key(search)).containsKey(column.asText());
            }
            String source = search.at("/attributes/kibanaSavedObjectMeta/searchSourceJSON")
                    .asText();
            assertKql(search, Json.MAPPER.readTree(source).at("/query/query").asText(), there);
        }
        for (JsonNode dashboard : ofType("dashboard")) {
            for (JsonNode control : controls(dashboard)) {
                assertThat(types.get(control.at("/explicitInput/fieldName").asText()))
                        .isIn("keyword", "boolean");
            }
        }
    }

    @Test
    void whatIsDrawnIsWhatIsAsked() {
        for (JsonNode lens : ofType("lens")) {
            JsonNode layer = lens.at("/attributes/state/datasourceStates/formBased/layers/layer");
            Set<String> columns = new TreeSet<>();
            layer.path("columnOrder").forEach(column -> columns.add(column.asText()));
            assertThat(layer.path("columns").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrderElementsOf(columns);
            String drawn = lens.at("/attributes/state/visualization").toString();
            Matcher ids = Pattern.compile("\"((?:bucket|metric)-\\d+)\"").matcher(drawn);
            Set<String> used = new TreeSet<>();
            while (ids.find()) {
                used.add(ids.group(1));
            }
            assertThat(used).as(key(lens)).isEqualTo(columns);
            for (JsonNode column : columns(lens)) {
                String order = column.at("/params/orderBy/columnId").asText();
                assertThat(order.isEmpty() || columns.contains(order)).isTrue();
            }
        }
    }

    /** What a sender wrote must become neither a link, nor markup, nor code. */
    @Test
    void textsAreShownAsTexts() throws IOException {
        assertThat(inOrder)
                .extracting(object -> object.path("type").asText())
                .containsOnly("index-pattern", "lens", "search", "dashboard");
        for (JsonNode view : ofType("index-pattern")) {
            JsonNode formats =
                    Json.MAPPER.readTree(view.at("/attributes/fieldFormatMap").asText());
            assertThat(formats.properties()).isNotEmpty();
            for (Map.Entry<String, JsonNode> format : formats.properties()) {
                assertThat(types.get(format.getKey())).isIn("long", "double");
                assertThat(format.getValue().path("id").asText()).isEqualTo("duration");
            }
            assertThat(view.at("/attributes/runtimeFieldMap").asText())
                    .as("no scripts")
                    .isEqualTo("{}");
        }
        assertThat(KibanaObjects.ndjson("kordon-"))
                .doesNotContain("URL_DRILLDOWN", "markdown", "\"vega\"", "http://", "https://", "scriptedField");
    }

    @Test
    void anotherPrefixGoesIntoEveryViewAndIdSoThatTwoStandSideBySide() throws IOException {
        for (String line : KibanaObjects.ndjson("soc.").split("\n", -1)) {
            if (!line.isEmpty()) {
                JsonNode object = Json.MAPPER.readTree(line);
                assertThat(object.path("id").asText()).startsWith("soc.");
                assertThat(objects).doesNotContainKey(key(object));
                if (object.path("type").asText().equals("index-pattern")) {
                    assertThat(object.at("/attributes/title").asText().split(","))
                            .allMatch(name -> name.startsWith("soc."));
                }
            }
        }
        assertThatThrownBy(() -> KibanaObjects.ndjson("Not,An*Index"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("index.prefix");
    }

    private void assertKql(JsonNode object, String kql, Set<String> there) {
        Matcher fields = KQL_FIELD.matcher(kql);
        boolean any = false;
        while (fields.find()) {
            any = true;
            assertThat(there).as(key(object) + ": " + kql).contains(fields.group(1));
            assertThat(types).containsKey(fields.group(1));
        }
        assertThat(any || kql.isEmpty()).as(kql).isTrue();
    }

    private static List<String> fit(String operation) {
        return switch (operation) {
            case "terms", "unique_count" -> List.of("keyword", "boolean", "ip");
            case "date_histogram" -> List.of("date");
            case "max" -> List.of("long", "double", "date");
            case "average", "median", "percentile" -> List.of("long", "double");
            default -> throw new IllegalArgumentException(operation);
        };
    }

    /** Fields of whole records' documents, by index. */
    private static Map<String, Set<String>> written() throws IOException {
        Documents documents = new Documents("kordon-", Clock.systemUTC());
        Map<String, Set<String>> written = new HashMap<>();
        for (var record :
                (Iterable<? extends org.apache.avro.specific.SpecificRecord>) DocumentsTest.everyRecord()::iterator) {
            for (Document document : documents.all(record)) {
                collect(
                        "",
                        Json.MAPPER.readTree(document.json().asInputStream()),
                        written.computeIfAbsent(document.index(), index -> new TreeSet<>()));
            }
        }
        return written;
    }

    private static void collect(String path, JsonNode node, Set<String> fields) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            fields.add(path + field.getKey());
            collect(path + field.getKey() + ".", field.getValue(), fields);
        }
    }

    /** Fields of every index that the object's view asks, together. */
    private Set<String> fieldsOf(JsonNode object, Map<String, Set<String>> written) {
        JsonNode view =
                objects.get("index-pattern/" + object.at("/references/0/id").asText());
        assertThat(view.at("/attributes/timeFieldName").asText()).isEqualTo("@timestamp");
        Set<String> fields = new TreeSet<>();
        Arrays.stream(view.at("/attributes/title").asText().split(",")).forEach(index -> {
            assertThat(written).containsKey(index);
            fields.addAll(written.get(index));
        });
        return fields;
    }

    private static Iterable<JsonNode> columns(JsonNode lens) {
        return lens.at("/attributes/state/datasourceStates/formBased/layers/layer/columns");
    }

    private static JsonNode panels(JsonNode dashboard) throws IOException {
        return Json.MAPPER.readTree(dashboard.at("/attributes/panelsJSON").asText());
    }

    private static JsonNode controls(JsonNode dashboard) throws IOException {
        return Json.MAPPER.readTree(
                dashboard.at("/attributes/controlGroupInput/panelsJSON").asText());
    }

    private static JsonNode reference(JsonNode object, String name) {
        return object.path("references")
                .valueStream()
                .filter(one -> one.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(key(object) + " has no reference " + name));
    }

    private List<JsonNode> ofType(String type) {
        return inOrder.stream()
                .filter(object -> object.path("type").asText().equals(type))
                .toList();
    }

    private static String key(JsonNode object) {
        return object.path("type").asText() + "/" + object.path("id").asText();
    }
}
