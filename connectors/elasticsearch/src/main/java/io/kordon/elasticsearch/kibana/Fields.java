package io.kordon.elasticsearch.kibana;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every field that the templates map, with its type, so that no panel asks for one that is not there. */
public final class Fields {
    private final SortedMap<String, String> types = new TreeMap<>();

    /** @param properties of one or more mappings; what is nested is left out, because Kibana cannot aggregate it */
    public Fields(Iterable<JsonNode> properties) {
        properties.forEach(one -> collect("", one));
    }

    private void collect(String path, JsonNode properties) {
        for (Map.Entry<String, JsonNode> field : properties.properties()) {
            String name = path + field.getKey();
            JsonNode mapping = field.getValue();
            String type = mapping.path("type").asText("object");
            if (!type.equals("object")) {
                types.put(name, type);
            }
            if (type.equals("object")) {
                collect(name + ".", mapping.path("properties"));
            }
        }
    }

    /** Names and types, in order; nested objects are there, what is in them is not. */
    public SortedMap<String, String> types() {
        return new TreeMap<>(types);
    }

    /** Elasticsearch's name of the type. */
    String type(String field) {
        return Optional.ofNullable(types.get(field))
                .orElseThrow(() -> new IllegalArgumentException("no template maps the field " + field));
    }

    /** Kibana's name of the type. */
    String dataType(String field) {
        return switch (type(field)) {
            case "long", "double" -> "number";
            case "date" -> "date";
            case "boolean" -> "boolean";
            case "ip" -> "ip";
            default -> "string";
        };
    }
}
