package io.kordon.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.elasticsearch.kibana.Content;
import io.kordon.elasticsearch.kibana.Dashboard;
import io.kordon.elasticsearch.kibana.Dashboards;
import io.kordon.elasticsearch.kibana.Search;
import io.kordon.schemas.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every panel of every dashboard shows something of the example, and of what is fed beside it, on a real Elasticsearch. */
@ExtendWith(SharedStack.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardsIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningPipeline running;

    @BeforeAll
    void start(EmbeddedStack stack, @TempDir Path state) throws InterruptedException {
        running = new RunningPipeline(stack, "dashboards-it", state.resolve("streams"));
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void everyPanelShowsSomethingOfTheExample() throws InterruptedException, ExecutionException {
        ScenarioPod pod = ScenarioPod.find(running.client(), "tomcat", "tomcat-depl-89bb8c5c7-lspcw");
        running.play(pod);
        ResponseRecords beside = new ResponseRecords(Instant.now());
        feed(running.setup().topics().signals(), beside.clamped("clamped"));
        feed(running.setup().topics().incidents(), beside.waiting("waiting"));
        feed(running.setup().topics().commands(), beside.approved("approved"));
        feed(running.setup().topics().results(), beside.failed("approved", 0));
        feed(running.setup().topics().results(), beside.failed("approved", -1));

        await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            List<String> empty = new ArrayList<>();
            for (Dashboard dashboard : Dashboards.all()) {
                for (Dashboard.Place place : dashboard.places()) {
                    String problem = problem(place.content(), dashboard.from());
                    if (!problem.isEmpty()) {
                        empty.add(dashboard.id() + " / " + place.content().title() + ": " + problem);
                    }
                }
            }
            assertThat(empty).isEmpty();
        });
    }

    private void feed(Topic<?> topic, SpecificRecord record) throws InterruptedException, ExecutionException {
        Map<String, Object> kafka = Map.of("bootstrap.servers", running.setup().bootstrapServers());
        try (Serializer<SpecificRecord> serializer = running.setup().serdes().serializer();
                KafkaProducer<String, byte[]> producer =
                        new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
            String key = Objects.toString(
                    record.get(record.getSchema().getField("key").pos()));
            producer.send(new ProducerRecord<>(topic.name(), key, serializer.serialize(topic.name(), record)))
                    .get();
        }
    }

    /** What keeps the panel from showing everything that it asks for; empty when nothing does. */
    private String problem(Content content, String from) throws IOException, InterruptedException {
        ObjectNode body = Search.body(content, from);
        String pattern = content.view().pattern(running.setup().indexPrefix());
        HttpRequest request = HttpRequest.newBuilder(URI.create(running.setup().elasticsearchUrl() + "/" + pattern
                        + "/_search?ignore_unavailable=false&allow_partial_search_results=false"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            return response.statusCode() + " " + response.body();
        }
        JsonNode answer = MAPPER.readTree(response.body());
        if (answer.at("/_shards/failed").asInt(-1) != 0) {
            return "a shard fails: " + answer.path("_shards");
        }
        if (answer.at("/hits/total/value").asLong() == 0) {
            return "no document";
        }
        for (JsonNode column : body.path("fields")) {
            if (answer.at("/hits/hits")
                    .valueStream()
                    .noneMatch(hit -> hit.path("fields").has(column.asText()))) {
                return "no document has " + column.asText();
            }
        }
        return empty(body.path("aggs"), List.of(answer.path("aggregations")));
    }

    /** Follows what was asked into every bucket at once: each measure must have a value in one of them. */
    private static String empty(JsonNode asked, List<JsonNode> answers) {
        for (Map.Entry<String, JsonNode> aggregation : asked.properties()) {
            List<JsonNode> got =
                    answers.stream().map(one -> one.path(aggregation.getKey())).toList();
            JsonNode kind = aggregation.getValue();
            if (kind.has("terms") || kind.has("date_histogram")) {
                List<JsonNode> buckets = new ArrayList<>();
                got.forEach(one -> one.path("buckets").forEach(buckets::add));
                if (buckets.isEmpty()) {
                    return "no bucket for " + kind;
                }
                String inner = empty(kind.path("aggs"), buckets);
                if (!inner.isEmpty()) {
                    return inner;
                }
            } else if (got.stream().noneMatch(DashboardsIT::isThere)) {
                return "no value for " + kind;
            }
        }
        return "";
    }

    private static boolean isThere(JsonNode measured) {
        if (measured.has("doc_count")) {
            return measured.path("doc_count").asLong() > 0;
        }
        JsonNode value =
                measured.has("values") ? measured.path("values").elements().next() : measured.path("value");
        return value.isNumber();
    }
}
