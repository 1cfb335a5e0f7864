package io.kordon.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kordon.elasticsearch.ElasticsearchSinkConfig.Layout;
import io.kordon.elasticsearch.ElasticsearchSinkConfig.Retention;
import io.kordon.elasticsearch.kibana.Fields;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.Response;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs the component and index templates, and brings the mappings of existing indices up to them. Doing it again, or
 * from several tasks at once, changes nothing; templates of a newer version are left alone.
 */
final class Templates {
    private static final Logger LOG = LoggerFactory.getLogger(Templates.class);

    static final List<String> COMPONENTS = List.of("mappings-ecs", "mappings-kordon");
    static final List<String> STREAMS =
            List.of(Documents.SIGNALS, Documents.COMMANDS, Documents.RESULTS, Documents.TIMELINE);

    private final RestClient rest;
    private final String prefix;
    private final Retention retention;
    private final Layout layout;

    Templates(RestClient rest, String prefix, Retention retention, Layout layout) {
        this.rest = rest;
        this.prefix = prefix;
        this.retention = retention;
        this.layout = layout;
    }

    /** @throws IOException where Elasticsearch does not answer, or refuses; {@link Verdict#status} tells which */
    void install() throws IOException {
        for (String component : COMPONENTS) {
            install("_component_template", "component_templates", "component_template", component, resource(component));
        }
        install(
                "_index_template",
                "index_templates",
                "index_template",
                Documents.INCIDENTS,
                index(Documents.INCIDENTS));
        for (String stream : STREAMS) {
            install("_index_template", "index_templates", "index_template", stream, index(stream));
        }
        createIncidents();
        updateMapping(Documents.INCIDENTS);
        for (String stream : STREAMS) {
            updateMapping(stream);
            updateLifecycle(stream);
        }
    }

    private void install(String api, String list, String member, String name, ObjectNode template) throws IOException {
        String path = "/" + api + "/" + prefix + name;
        long installed = installedVersion(path, list, member);
        long ours = template.path("version").asLong();
        if (installed > ours) {
            LOG.info("template {}{} has version {}, newer than {}: left as it is", prefix, name, installed, ours);
            return;
        }
        send("PUT", path, template);
    }

    private long installedVersion(String path, String list, String member) throws IOException {
        try {
            JsonNode found = Json.MAPPER.readTree(
                    rest.performRequest(new Request("GET", path)).getEntity().getContent());
            return found.path(list).path(0).path(member).path("version").asLong(0);
        } catch (ResponseException e) {
            if (Verdict.status(e) == 404) {
                return 0;
            }
            throw e;
        }
    }

    private void createIncidents() throws IOException {
        String path = "/" + prefix + Documents.INCIDENTS;
        try {
            Response head = rest.performRequest(new Request("HEAD", path));
            if (head.getStatusLine().getStatusCode() == 404) {
                send("PUT", path, Json.MAPPER.createObjectNode());
            }
        } catch (ResponseException e) {
            if (!e.toString().contains("resource_already_exists_exception")) {
                throw e;
            }
        }
    }

    /** Adds fields that a newer version of ours brings; a data stream that has no document yet takes them at its first. */
    private void updateMapping(String name) throws IOException {
        ObjectNode mapping = Json.MAPPER.createObjectNode();
        ObjectNode properties = mapping.putObject("properties");
        for (String component : COMPONENTS) {
            properties.setAll((ObjectNode) resource(component).at("/template/mappings/properties"));
        }
        try {
            send("PUT", "/" + prefix + name + "/_mapping", mapping);
        } catch (ResponseException e) {
            int status = Verdict.status(e);
            if (status == 400) {
                LOG.warn(
                        "the mapping of {}{} cannot take this version's fields and stays as it is: {}",
                        prefix,
                        name,
                        e.getMessage());
            } else if (status != 404) {
                throw e;
            }
        }
    }

    /** A template's lifecycle counts for streams that are made from it; one that is there is told by itself. */
    private void updateLifecycle(String stream) throws IOException {
        try {
            send("PUT", "/_data_stream/" + prefix + stream + "/_lifecycle", lifecycle(stream));
        } catch (ResponseException e) {
            int status = Verdict.status(e);
            if (status >= 500 || status == 429) {
                throw e;
            } else if (e.toString().contains("no handler found")) {
                LOG.info("this Elasticsearch has no lifecycle of data streams: {}{} is never trimmed", prefix, stream);
            } else if (status != 404) {
                LOG.warn("the lifecycle of {}{} stays as it is: {}", prefix, stream, e.getMessage());
            }
        }
    }

    private ObjectNode lifecycle(String stream) {
        ObjectNode lifecycle = Json.MAPPER.createObjectNode();
        if (!retention.of(stream).isEmpty()) {
            lifecycle.put("data_retention", retention.of(stream));
        }
        return lifecycle;
    }

    /**
     * The index template with everything that depends on configuration. Last of its parts is {@code NAME@custom}, which is
     * the operator's, if it is there: an ILM policy, tiers, fields of their own.
     */
    ObjectNode index(String name) throws IOException {
        ObjectNode template = resource(name);
        template.putArray("index_patterns").add(prefix + name);
        ArrayNode parts = template.putArray("composed_of");
        COMPONENTS.forEach(component -> parts.add(prefix + component));
        String custom = prefix + name + "@custom";
        parts.add(custom);
        template.putArray("ignore_missing_component_templates").add(custom);
        ObjectNode settings = template.withObject("/template/settings/index");
        settings.put("number_of_shards", layout.shards());
        if (layout.replicas() < 0) {
            settings.put("auto_expand_replicas", "0-1");
        } else {
            settings.put("number_of_replicas", layout.replicas());
        }
        if (template.has("data_stream")) {
            template.withObject("/template").set("lifecycle", lifecycle(name));
        }
        return template;
    }

    /** Every mapped field with its type. */
    static Fields fields() {
        try {
            List<JsonNode> properties = new ArrayList<>();
            for (String component : COMPONENTS) {
                properties.add(resource(component).at("/template/mappings/properties"));
            }
            return new Fields(properties);
        } catch (IOException e) {
            throw new UncheckedIOException("this plugin is not whole", e);
        }
    }

    /** A template as this plugin carries it. */
    static ObjectNode resource(String name) throws IOException {
        try (InputStream in = Templates.class.getResourceAsStream("templates/" + name + ".json")) {
            if (in == null) {
                throw new FileNotFoundException("templates/" + name + ".json is not in this plugin");
            }
            return (ObjectNode) Json.MAPPER.readTree(in);
        }
    }

    private void send(String method, String path, ObjectNode body) throws IOException {
        Request request = new Request(method, path);
        request.setJsonEntity(Json.MAPPER.writeValueAsString(body));
        rest.performRequest(request);
    }
}
