package io.kordon.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kordon.elasticsearch.StubElasticsearch.ItemError;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncidentTimelineTest {
    private static final String EVIDENCE = "i1/evidence/s1";

    private final StubElasticsearch elasticsearch = new StubElasticsearch();
    private final TaskRun run = new TaskRun(elasticsearch.url());

    @AfterEach
    void stop() {
        run.close();
        elasticsearch.close();
    }

    @Test
    void tellsEachRevisionAndEachPieceOfEvidenceOnce() {
        run.start()
                .put(
                        Records.incident("i1", 1).setScore(73).build(),
                        Records.incident("i1", 2).setScore(99).build());
        run.put(Records.incident("i1", 3).build());

        assertThat(elasticsearch.documents())
                .containsKeys(
                        "kordon-timeline/i1/revision/1",
                        "kordon-timeline/i1/revision/2",
                        "kordon-timeline/i1/revision/3",
                        "kordon-timeline/" + EVIDENCE,
                        "kordon-timeline/i1/decision/d1");
        assertThat(sent(EVIDENCE)).as("not again with every revision").isEqualTo(1);
        assertThat(run.metric("documents-written-total"))
                .as("a record counts once")
                .isEqualTo(3);
    }

    @Test
    void revisionTellsHowItStoodAndWhenItChanged() {
        run.start().put(Records.incident("i1", 7).build());
        JsonNode revision = elasticsearch.documents().get("kordon-timeline/i1/revision/7");
        assertThat(revision.at("/message").asText()).isEqualTo("Revision 7: contained, critical, score 99.1");
        assertThat(revision.at("/kordon/score").asDouble()).isEqualTo(99.1);
        assertThat(revision.at("/kordon/incident_id").asText()).isEqualTo("i1");
        assertThat(revision.at("/@timestamp").asText())
                .as("the latest thing that it tells of: its end")
                .isEqualTo("2026-11-24T10:10:00.123456Z");

        JsonNode evidence = elasticsearch.documents().get("kordon-timeline/" + EVIDENCE);
        assertThat(evidence.at("/message").asText()).isEqualTo("curl by java");
        assertThat(evidence.at("/kordon/source").asText()).isEqualTo("falco");
        JsonNode decision = elasticsearch.documents().get("kordon-timeline/i1/decision/d1");
        assertThat(decision.at("/message").asText()).isEqualTo("approve by ada: seen with my own eyes");
        assertThat(decision.at("/user/name").asText()).isEqualTo("ada");
    }

    @Test
    void sendsEvidenceAgainWhenItMayHaveBeenGivenUpBeforeItWasWritten() {
        run.start();
        elasticsearch.failBulk(503);
        run.put(Records.incident("i1", 1).build());
        run.revoke(TaskRun.TOPICS.incidents().name());
        run.assign(TaskRun.TOPICS.incidents().name());
        run.elapse(Duration.ofMinutes(2));
        run.put(Records.incident("i1", 1).build());
        assertThat(elasticsearch.documents()).containsKeys("kordon-incidents/i1", "kordon-timeline/" + EVIDENCE);
    }

    @Test
    void reportsARecordOnceWhoseMomentsAreRefusedAndWritesTheRest() {
        elasticsearch.failItems(item ->
                item.index().equals("kordon-timeline") ? new ItemError(400, "document_parsing_exception") : null);
        run.start().put(Records.incident("i1", 1).build());
        assertThat(run.reported).hasSize(1);
        assertThat(run.metric("records-errant-total")).isEqualTo(1);
        assertThat(run.metric("records-pending")).isZero();
        assertThat(elasticsearch.documents()).containsOnlyKeys("kordon-incidents/i1");
    }

    @Test
    void waitsForMomentsThatCannotBeWrittenNowAndCommitsBehindThem() {
        elasticsearch.failItems(
                item -> item.id().equals(EVIDENCE) ? new ItemError(429, "es_rejected_execution_exception") : null);
        run.start().put(Records.incident("i1", 1).build());
        assertThat(run.committed()).containsEntry(TaskRun.TOPICS.incidents().name(), 0L);
        elasticsearch.failItems(item -> null);
        run.putAfterTheWait();
        assertThat(elasticsearch.bulkIds().get(1)).containsExactly(EVIDENCE);
        assertThat(run.committed()).containsEntry(TaskRun.TOPICS.incidents().name(), 1L);
    }

    @Test
    void boundsWhatAForeignWriterMakesOfOneRecord() {
        var one = Records.incident("i1", 1).getEvidence().get(0);
        var flood = Records.incident("i1", 1)
                .setEvidence(Collections.nCopies(5_000, one))
                .build();
        assertThat(IncidentTimeline.of(flood)).hasSize(1_000);
    }

    private long sent(String id) {
        return elasticsearch.bulkIds().stream()
                .flatMap(List::stream)
                .filter(id::equals)
                .count();
    }
}
