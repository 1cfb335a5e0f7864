package io.kordon.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private final StubElasticsearch elasticsearch = new StubElasticsearch();
    private final TaskRun run = new TaskRun(elasticsearch.url());

    @AfterEach
    void stop() {
        run.close();
        elasticsearch.close();
    }

    @Test
    void deletesIncidentsThatAreLongOverUnlessTheyChangeMeanwhile() {
        elasticsearch.holdsOutOfTime("i-old", 42);
        run.start().put(Records.signal("s1").build());
        assertThat(elasticsearch.deleted()).containsExactly("i-old");
        assertThat(elasticsearch.bounds()).containsExactly("{\"event.end\":{\"lt\":\"now-365d\"}}");
    }

    @Test
    void looksForThemOnceAnHour() {
        run.start().put(Records.signal("s1").build());
        elasticsearch.holdsOutOfTime("i-old", 42);
        run.putNothing();
        assertThat(elasticsearch.deleted()).isEmpty();
        run.elapse(Duration.ofMinutes(61));
        run.putNothing();
        assertThat(elasticsearch.deleted()).containsExactly("i-old");
    }

    @Test
    void keepsThemForEverWhereThatIsSaid() {
        elasticsearch.holdsOutOfTime("i-old", 42);
        run.with("incidents.retention", "forever")
                .start()
                .put(Records.signal("s1").build());
        assertThat(elasticsearch.bounds()).isEmpty();
    }

    @Test
    void goesOnWritingWhereItMayNotDelete() {
        elasticsearch.holdsOutOfTime("i-old", 42);
        run.start();
        elasticsearch.failSearch(403);
        run.put(Records.incident("i1", 1).build());
        run.putAfterTheWait();
        assertThat(elasticsearch.documents()).containsKey("kordon-incidents/i1");
    }

    @Test
    void everyStreamKeepsItsOwnTimeAndTheOthersTheCommonOne() throws IOException {
        Map<String, String> properties = Map.of(
                "elasticsearch.urls", "http://127.0.0.1:9200",
                "schema.registry.url", "mock://x",
                "data.retention", "30d",
                "data.retention.signals", "7d",
                "data.retention.timeline", "forever",
                "index.shards", "3",
                "index.replicas", "2");
        ElasticsearchSinkConfig config = ElasticsearchSinkConfig.parse(properties);
        try (RestClient rest = Connection.open(config).rest()) {
            Templates templates = new Templates(rest, "k-", config.retention(), config.layout());
            assertThat(templates
                            .index("signals")
                            .at("/template/lifecycle/data_retention")
                            .asText())
                    .isEqualTo("7d");
            assertThat(templates
                            .index("timeline")
                            .at("/template/lifecycle/data_retention")
                            .isMissingNode())
                    .isTrue();
            for (String stream : List.of("commands", "results")) {
                JsonNode template = templates.index(stream);
                assertThat(template.at("/template/lifecycle/data_retention").asText())
                        .isEqualTo("30d");
                assertThat(template.at("/template/settings/index/number_of_shards")
                                .asInt())
                        .isEqualTo(3);
                assertThat(template.at("/template/settings/index/number_of_replicas")
                                .asInt())
                        .isEqualTo(2);
                assertThat(template.at("/composed_of").get(2).asText()).isEqualTo("k-" + stream + "@custom");
            }
            assertThat(templates.index("incidents").at("/template/lifecycle").isMissingNode())
                    .as("documents of an index are not a stream's")
                    .isTrue();
        }
    }

    @Test
    void streamsThatAreThereAreToldOfAChangedRetention() {
        run.start().put(Records.signal("s1").build());
        assertThat(elasticsearch.requests())
                .contains(
                        "PUT /_data_stream/kordon-signals/_lifecycle", "PUT /_data_stream/kordon-timeline/_lifecycle");
    }
}
