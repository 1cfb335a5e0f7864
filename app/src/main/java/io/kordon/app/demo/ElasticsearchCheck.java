package io.kordon.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.http.Trust;
import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What Elasticsearch must hold of an incident, found by ECS fields. */
final class ElasticsearchCheck implements TraceCheck {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client;
    private final URI url;
    private final String prefix;
    private final String authorization;

    /** @param prefix of the indices' names */
    ElasticsearchCheck(String url, String prefix) {
        this(HttpClient.newHttpClient(), URI.create(url), prefix, "");
    }

    /** @param authorization header of that name; empty for none */
    private ElasticsearchCheck(HttpClient client, URI url, String prefix, String authorization) {
        this.client = client;
        this.url = url;
        this.prefix = prefix;
        this.authorization = authorization;
    }

    /** On the first of the servers that the settings name; empty where they name none. */
    static Optional<TraceCheck> of(Settings settings) {
        return settings.get(KordonSettings.ELASTICSEARCH_URLS).stream()
                .findFirst()
                .map(url -> new ElasticsearchCheck(
                        Trust.client(settings.get(KordonSettings.ELASTICSEARCH_CA_FILE)),
                        URI.create(url),
                        settings.get(KordonSettings.ELASTICSEARCH_INDEX_PREFIX),
                        authorization(settings)));
    }

    @Override
    public String place() {
        return "Elasticsearch";
    }

    @Override
    public List<String> missing(Incident incident) throws InterruptedException {
        List<String> missing = new ArrayList<>();
        try {
            checkIncident(incident, missing);
            for (Evidence evidence : incident.getEvidence()) {
                int found =
                        search("signals", "event.id", evidence.getSignalId()).size();
                if (found != 1) {
                    missing.add("signal " + evidence.getSignalId() + " once in Elasticsearch; it is there " + found
                            + " times");
                }
            }
        } catch (IOException e) {
            missing.add("an answer of Elasticsearch: " + e.getMessage());
        }
        return missing;
    }

    private void checkIncident(Incident incident, List<String> missing) throws IOException, InterruptedException {
        String uid = incident.getEntity().getUid();
        JsonNode found = search("incidents", "orchestrator.resource.id", uid == null ? "" : uid);
        if (found.size() != 1) {
            missing.add("one document about the pod in Elasticsearch; there are " + found.size());
            return;
        }
        JsonNode hit = found.get(0);
        long revision = hit.at("/_source/kordon/revision").asLong();
        if (!hit.path("_id").asText().equals(incident.getId())) {
            missing.add("the document of incident " + incident.getId() + "; it is " + hit.path("_id"));
        }
        if (revision != incident.getRevision()) {
            missing.add("revision " + incident.getRevision() + " in Elasticsearch; it has " + revision);
        }
    }

    /** Hits of an exact value, at most 10, refreshed first. */
    private JsonNode search(String index, String field, String value) throws IOException, InterruptedException {
        send("/" + prefix + index + "/_refresh", "");
        String query = MAPPER.writeValueAsString(MAPPER.createObjectNode()
                .set(
                        "query",
                        MAPPER.createObjectNode()
                                .set("term", MAPPER.createObjectNode().put(field, value))));
        return send("/" + prefix + index + "/_search?size=10", query).at("/hits/hits");
    }

    private JsonNode send(String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url.toString().replaceAll("/+$", "") + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        var answer = client.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + " answered " + answer.statusCode() + " "
                    + answer.body().substring(0, Math.min(200, answer.body().length())));
        }
        return MAPPER.readTree(answer.body());
    }

    private static String authorization(Settings settings) {
        String key = settings.get(KordonSettings.ELASTICSEARCH_API_KEY);
        String user = settings.get(KordonSettings.ELASTICSEARCH_USERNAME);
        if (!key.isEmpty()) {
            return "ApiKey " + key;
        }
        String pair = user + ":" + settings.get(KordonSettings.ELASTICSEARCH_PASSWORD);
        return user.isEmpty()
                ? ""
                : "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
