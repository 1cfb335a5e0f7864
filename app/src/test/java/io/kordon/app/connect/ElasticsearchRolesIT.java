package io.kordon.app.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kordon.app.demo.ResponseRecords;
import io.kordon.app.embedded.SecuredElasticsearch;
import io.kordon.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The roles of docs/kibana.md on a real server with security on: each does what it is for, and nothing of it is too much. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ElasticsearchRolesIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Topics TOPICS = new Topics("kordon.", 1);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SINK = "kordon_sink";
    private static final String ANALYST = "kordon_analyst";

    /**
     * What this server cannot miss: the distribution has no lifecycle of data streams, and 8.x still takes a change of mappings
     * from whoever may index, which it says it will not for ever.
     */
    private static final Set<String> NOT_MISSED =
            Set.of("manage_data_stream_lifecycle at /indices/1", "indices:admin/mapping/put at /indices/0");

    /** Roles that lack one privilege of the sink's, by name; each has its indices to itself. */
    private final Map<String, String> lacking = new LinkedHashMap<>();

    private SecuredElasticsearch elasticsearch;

    @BeforeAll
    void start(@TempDir Path data) throws IOException, InterruptedException {
        Map<String, String> roles = documented();
        assertThat(roles).containsOnlyKeys(SINK, ANALYST);
        roles.putAll(without(roles.get(SINK)));
        elasticsearch = new SecuredElasticsearch(data, roles);
    }

    @AfterAll
    void stop() {
        elasticsearch.close();
    }

    @Test
    void sinkWritesEverythingAndDeletesWhatIsOverWithItsRoleAlone() throws IOException, InterruptedException {
        try (SinkRun run = sink(SINK, "kordon-")) {
            feed(run);
            assertThat(run.unsettled()).isEmpty();
        }
        refresh("kordon-incidents");
        // Installing again finds everything in place: another way through the templates, with other requests.
        try (SinkRun run = sink(SINK, "kordon-")) {
            run.put(TOPICS.signals(), new ResponseRecords(Instant.now()).clamped("later"));
            assertThat(run.unsettled()).isEmpty();
        }
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(count("kordon-signals")).isEqualTo(2);
            assertThat(count("kordon-commands")).isEqualTo(1);
            assertThat(count("kordon-results")).isEqualTo(1);
            assertThat(count("kordon-timeline")).isEqualTo(6);
            assertThat(count("kordon-incidents"))
                    .as("one ended years ago and is deleted")
                    .isEqualTo(1);
        });
    }

    @Test
    void everyPrivilegeOfTheSinkIsNeeded() throws IOException, InterruptedException {
        List<String> needless = new ArrayList<>();
        for (Map.Entry<String, String> role : lacking.entrySet()) {
            String prefix = role.getKey().substring(SINK.length() + 1) + "-";
            if (works(role.getKey(), prefix)) {
                needless.add(role.getValue());
            }
        }
        assertThat(lacking).hasSizeGreaterThan(9);
        assertThat(needless).isEmpty();
    }

    @Test
    void sinkAndAnalystsMayNothingElse() throws IOException, InterruptedException {
        assertThat(status(SINK, "GET", "/_security/user", "")).isEqualTo(403);
        assertThat(status(SINK, "PUT", "/other", "{}")).isEqualTo(403);
        assertThat(status(SINK, "POST", "/other/_search", "{}")).isEqualTo(403);
        assertThat(status(SINK, "DELETE", "/kordon-signals", "")).isEqualTo(403);

        elasticsearch.ask(SecuredElasticsearch.ADMIN, "PUT", "/kordon-analysed", "{}");
        assertThat(status(ANALYST, "POST", "/kordon-analysed/_search", "{}")).isEqualTo(200);
        assertThat(status(ANALYST, "GET", "/kordon-analysed/_field_caps?fields=*", ""))
                .isEqualTo(200);
        assertThat(status(ANALYST, "POST", "/kordon-analysed/_doc", "{}")).isEqualTo(403);
        assertThat(status(ANALYST, "DELETE", "/kordon-analysed", "")).isEqualTo(403);
        assertThat(status(ANALYST, "GET", "/_index_template", "")).isEqualTo(403);
        assertThat(status(ANALYST, "POST", "/other/_search", "{}")).isEqualTo(403);
    }

    /**
     * Whether the sink does everything: what it does at first, and what it does only where something is there already. Without
     * the right to search it would not be refused, but would not see what an older backing index holds.
     */
    private boolean works(String user, String prefix) throws IOException, InterruptedException {
        try (SinkRun run = sink(user, prefix)) {
            feed(run);
            if (!run.unsettled().isEmpty()) {
                return false;
            }
        }
        refresh(prefix + "incidents");
        elasticsearch.ask(SecuredElasticsearch.ADMIN, "POST", "/" + prefix + "signals/_rollover", "");
        try (SinkRun run = sink(user, prefix)) {
            run.put(TOPICS.signals(), new ResponseRecords(Instant.now()).clamped("signal"));
            return run.unsettled().isEmpty() && count(prefix + "incidents") == 1 && count(prefix + "signals") == 1;
        }
    }

    private SinkRun sink(String user, String prefix) {
        Map<String, String> properties = new HashMap<>();
        properties.put("elasticsearch.urls", elasticsearch.url());
        properties.put("elasticsearch.username", user);
        properties.put("elasticsearch.password", SecuredElasticsearch.PASSWORD);
        properties.put("index.prefix", prefix);
        properties.put("incidents.retention", "365d");
        return new SinkRun(properties);
    }

    /** One of everything, of today, and an incident of years ago. */
    private static void feed(SinkRun run) {
        ResponseRecords today = new ResponseRecords(Instant.now());
        run.put(TOPICS.incidents(), new ResponseRecords(Instant.parse("2020-01-01T00:00:00Z")).waiting("old"));
        run.put(TOPICS.incidents(), today.waiting("new"));
        run.put(TOPICS.signals(), today.clamped("signal"));
        run.put(TOPICS.commands(), today.approved("command"));
        run.put(TOPICS.results(), today.failed("command", -1));
    }

    private long count(String index) throws IOException, InterruptedException {
        refresh(index);
        JsonNode answer = MAPPER.readTree(elasticsearch
                .ask(SecuredElasticsearch.ADMIN, "GET", "/" + index + "/_count", "")
                .body());
        return answer.path("count").asLong(-1);
    }

    private void refresh(String index) throws IOException, InterruptedException {
        elasticsearch.ask(SecuredElasticsearch.ADMIN, "POST", "/" + index + "/_refresh", "");
    }

    private int status(String user, String method, String path, String body) throws IOException, InterruptedException {
        return elasticsearch.ask(user, method, path, body).statusCode();
    }

    /** The roles as the documentation has them copied: PUT …/_security/role/NAME -d 'JSON'. */
    private static Map<String, String> documented() throws IOException {
        String home = System.getProperty("kordon.home");
        String page = Files.readString(Path.of(home).resolve("docs/kibana.md"));
        Matcher role =
                Pattern.compile("/_security/role/([a-z_]+) .* -d '(\\{[^']*})'").matcher(page);
        Map<String, String> roles = new LinkedHashMap<>();
        while (role.find()) {
            roles.put(role.group(1), role.group(2));
        }
        return roles;
    }

    /** For each privilege a role without it, over indices of its own. */
    private Map<String, String> without(String json) throws IOException {
        Map<String, String> roles = new LinkedHashMap<>();
        JsonNode whole = MAPPER.readTree(json);
        List<String> places = new ArrayList<>();
        for (int i = 0; i < whole.path("cluster").size(); i++) {
            places.add("/cluster " + i);
        }
        for (int entry = 0; entry < whole.path("indices").size(); entry++) {
            for (int i = 0; i < whole.at("/indices/" + entry + "/privileges").size(); i++) {
                places.add("/indices/" + entry + "/privileges " + i);
            }
        }
        for (String place : places) {
            String name = "lacks" + lacking.size();
            ObjectNode role = (ObjectNode) MAPPER.readTree(json.replace("kordon-", name + "-"));
            ArrayNode privileges = (ArrayNode) role.at(place.substring(0, place.indexOf(' ')));
            String removed = privileges
                    .remove(Integer.parseInt(place.substring(place.indexOf(' ') + 1)))
                    .asText();
            String what = removed + " at " + place.substring(0, place.lastIndexOf('/'));
            if (!NOT_MISSED.contains(what)) {
                roles.put(SINK + "_" + name, role.toString());
                lacking.put(SINK + "_" + name, what);
            }
        }
        return roles;
    }
}
