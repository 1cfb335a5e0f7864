package io.kordon.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.entity.NStringEntity;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes incidents that are long over. Data streams have a lifecycle of their own; the index of incidents cannot, since its
 * documents are replaced. An incident that changes between the search and the deletion stays: its sequence number has moved.
 */
final class Trim {
    private static final Logger LOG = LoggerFactory.getLogger(Trim.class);
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final int PAGE = 1_000;

    private final RestClient rest;
    private final String index;
    private final String retention;
    private final Clock clock;
    private Instant due = Instant.MIN;

    /** @param retention since an incident's last evidence or its end, as {@code 365d}; empty for ever */
    Trim(RestClient rest, String index, String retention, Clock clock) {
        this.rest = rest;
        this.index = index;
        this.retention = retention;
        this.clock = clock;
    }

    /** One page when it is due; the next at once while there is more. What fails is tried again in an hour. */
    void run() {
        if (retention.isEmpty() || clock.instant().isBefore(due)) {
            return;
        }
        due = clock.instant().plus(PAUSE);
        try {
            JsonNode old = search();
            if (!old.isEmpty()) {
                delete(old);
            }
            if (old.size() == PAGE) {
                due = clock.instant();
            }
        } catch (IOException e) {
            LOG.warn("old incidents in {} are not deleted, tried again in an hour: {}", index, e.getMessage());
        }
    }

    private JsonNode search() throws IOException {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("size", PAGE).put("_source", false).put("seq_no_primary_term", true);
        body.putObject("query").putObject("range").putObject("event.end").put("lt", "now-" + retention);
        Request request = new Request("POST", "/" + index + "/_search");
        request.addParameter("ignore_unavailable", "true");
        request.setJsonEntity(body.toString());
        return Json.MAPPER
                .readTree(rest.performRequest(request).getEntity().getContent())
                .at("/hits/hits");
    }

    private void delete(JsonNode old) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (JsonNode hit : old) {
            ObjectNode line = Json.MAPPER.createObjectNode();
            line.putObject("delete")
                    .put("_index", index)
                    .put("_id", hit.path("_id").asText())
                    .put("if_seq_no", hit.path("_seq_no").asLong())
                    .put("if_primary_term", hit.path("_primary_term").asLong());
            lines.append(line).append('\n');
        }
        Request request = new Request("POST", "/_bulk");
        request.setEntity(new NStringEntity(
                lines.toString(), ContentType.create("application/x-ndjson", StandardCharsets.UTF_8)));
        JsonNode answer =
                Json.MAPPER.readTree(rest.performRequest(request).getEntity().getContent());
        long deleted = answer.path("items")
                .valueStream()
                .filter(item -> item.at("/delete/status").asInt() == 200)
                .count();
        LOG.info("{} incidents of {} that ended more than {} ago are deleted", deleted, index, retention);
    }
}
