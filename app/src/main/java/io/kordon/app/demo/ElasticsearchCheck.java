package io.kordon.app.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What Elasticsearch must hold of an incident, found by ECS fields. */
final class ElasticsearchCheck {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI url;
    private final String prefix;

    /** @param prefix of the indices' names */
    ElasticsearchCheck(String url, String prefix) {
        this.url = URI.create(url);
        this.prefix = prefix;
    }

    /** What is missing, in words; nothing when all is there. */
    List<String> missing(Incident incident) throws InterruptedException {
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
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .POST(BodyPublishers.ofString(body))
                .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + " answered " + answer.statusCode() + " "
                    + answer.body().substring(0, Math.min(200, answer.body().length())));
        }
        return MAPPER.readTree(answer.body());
    }
}
