package io.kordon.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.elasticsearch.StubElasticsearch.ItemError;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElasticsearchSinkTaskTest {
    private static final String SIGNALS = TaskRun.TOPICS.signals().name();
    private static final String INCIDENTS = TaskRun.TOPICS.incidents().name();

    private final StubElasticsearch elasticsearch = new StubElasticsearch();
    private final TaskRun run = new TaskRun(elasticsearch.url());

    @AfterEach
    void stop() {
        run.close();
        elasticsearch.close();
    }

    @Test
    void writesEveryKindOfRecordAndCommitsBehindIt() {
        run.start()
                .put(
                        Records.incident("i1", 1).build(),
                        Records.signal("s1").build(),
                        Records.command("c1").build(),
                        Records.result("c1", 0).build(),
                        Records.result("c1", -1).build());

        assertThat(elasticsearch.documents())
                .containsOnlyKeys(
                        "kordon-incidents/i1",
                        "kordon-timeline/i1/revision/1",
                        "kordon-timeline/i1/evidence/s1",
                        "kordon-timeline/i1/decision/d1",
                        "kordon-signals/s1",
                        "kordon-commands/c1",
                        "kordon-results/c1/0",
                        "kordon-results/c1/run");
        assertThat(run.committed())
                .isEqualTo(Map.of(INCIDENTS, 1L, SIGNALS, 1L, "kordon.commands", 1L, "kordon.results", 2L));
        assertThat(run.reported).isEmpty();
        assertThat(run.paused).isFalse();
    }

    @Test
    void installsItsTemplatesBeforeTheFirstDocument() {
        run.start().put(Records.signal("s1").build());
        assertThat(elasticsearch.requests())
                .containsSubsequence(
                        "PUT /_component_template/kordon-mappings-ecs",
                        "PUT /_component_template/kordon-mappings-kordon",
                        "PUT /_index_template/kordon-incidents",
                        "PUT /_index_template/kordon-signals",
                        "POST /_bulk");
    }

    @Test
    void replayAndDisorderLeaveOneIncidentAtItsLastRevisionAndEachSignalOnce() {
        run.start();
        for (long revision : new long[] {2, 3, 1, 3, 2}) {
            run.put(
                    Records.incident("i1", revision)
                            .setTitle("revision " + revision)
                            .build(),
                    Records.signal("s1").build());
        }
        assertThat(elasticsearch.documents().keySet())
                .filteredOn(key -> !key.startsWith("kordon-timeline/"))
                .containsExactlyInAnyOrder("kordon-incidents/i1", "kordon-signals/s1");
        assertThat(elasticsearch
                        .documents()
                        .get("kordon-incidents/i1")
                        .at("/kordon/title")
                        .asText())
                .isEqualTo("revision 3");
        assertThat(run.reported).isEmpty();
        assertThat(run.committed()).isEqualTo(Map.of(INCIDENTS, 5L, SIGNALS, 5L));
    }

    @Test
    void aSignalThatAnOlderBackingIndexHoldsIsNotWrittenAgain() {
        elasticsearch.holdsOfOld("kordon-signals", "s1");
        run.start().put(signals("s0", "s1", "s2"));
        assertThat(elasticsearch.bulkIds()).containsExactly(List.of("s0", "s2"));
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 3L));
    }

    @Test
    void refreshesBeforeItLooksWhereARecordMayComeAgain() {
        run.start().put(signals("s0"));
        run.put(signals("s1"));
        assertThat(refreshes()).isEqualTo(1);
        run.assign(SIGNALS);
        run.put(signals("s2"));
        assertThat(refreshes()).isEqualTo(2);
        elasticsearch.failBulk(503);
        run.put(signals("s3"));
        run.putAfterTheWait();
        assertThat(refreshes()).isEqualTo(3);
    }

    private long refreshes() {
        return elasticsearch.requests().stream()
                .filter("POST /kordon-signals/_refresh"::equals)
                .count();
    }

    @Test
    void waitsWhileNobodyCanTellWhatIsThere() {
        elasticsearch.failSearch(503);
        run.start().put(signals("s0"));
        assertThat(elasticsearch.bulkIds()).isEmpty();
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 0L));
        run.putAfterTheWait();
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 1L));
    }

    @ParameterizedTest
    @CsvSource({
        "429, es_rejected_execution_exception",
        "429, cluster_block_exception",
        "403, cluster_block_exception",
        "403, index_create_block",
        "404, index_not_found_exception",
        "400, index_closed_exception",
        "503, unavailable_shards_exception"
    })
    void turnsBackOnlyToTheItemsThatWereNotTaken(int status, String type) {
        elasticsearch.failItems(item -> item.id().equals("s1") ? new ItemError(status, type) : null);
        run.start().put(signals("s0", "s1", "s2"));

        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 1L));
        assertThat(run.paused).isTrue();
        assertThat(run.timeout).isBetween(1L, 500L);

        elasticsearch.failItems(item -> null);
        run.putAfterTheWait();
        assertThat(elasticsearch.bulkIds()).containsExactly(List.of("s0", "s1", "s2"), List.of("s1"));
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 3L));
        assertThat(run.paused).isFalse();
        assertThat(run.reported).isEmpty();
    }

    @Test
    void oneBadDocumentInAThousandIsReportedAndTheOthersAreWrittenOnce() {
        elasticsearch.failItems(
                item -> item.id().equals("s613") ? new ItemError(400, "document_parsing_exception") : null);
        run.start().put(signals(IntStream.range(0, 1_000).mapToObj(i -> "s" + i).toArray(String[]::new)));

        assertThat(elasticsearch.documents()).hasSize(999).doesNotContainKey("kordon-signals/s613");
        assertThat(elasticsearch.bulkIds()).hasSize(1);
        assertThat(run.reported)
                .singleElement()
                .satisfies(record -> assertThat(record.kafkaOffset()).isEqualTo(613));
        assertThat(run.causes.get(0)).hasMessageContaining("400").hasMessageContaining("document_parsing_exception");
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 1_000L));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 408, 429, 500, 502, 503, 504})
    void waitsWhileWholeRequestsFail(int status) {
        run.start();
        elasticsearch.failBulk(status, status, status);
        run.put(signals("s0", "s1"));
        for (int tries = 0; tries < 2; tries++) {
            assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 0L));
            assertThat(run.paused).isTrue();
            run.putAfterTheWait();
        }
        run.putAfterTheWait();
        assertThat(elasticsearch.documents()).hasSize(2);
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 2L));
        assertThat(run.reported).isEmpty();
    }

    @Test
    void waitsWhileNobodyListensEvenAtTheStart() {
        elasticsearch.goDown();
        run.start().put(signals("s0", "s1"));
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 0L));
        run.putAfterTheWait();
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 0L));

        elasticsearch.comeBack();
        run.putAfterTheWait();
        assertThat(elasticsearch.documents()).hasSize(2);
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 2L));
    }

    @Test
    void asksNothingOfElasticsearchBeforeTheWaitIsOver() {
        run.start();
        elasticsearch.failBulk(503);
        run.put(signals("s0"));
        run.putNothing();
        run.committed();
        assertThat(elasticsearch.bulkIds()).hasSize(1);
    }

    @Test
    void cutsARequestThatIsTooLarge() {
        run.start();
        elasticsearch.takeAtMost(12_000);
        run.put(signals("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"));
        assertThat(elasticsearch.documents()).hasSize(8);
        assertThat(run.reported).isEmpty();
    }

    @Test
    void aDocumentTooLargeByItselfIsReportedAlone() {
        run.start();
        elasticsearch.takeAtMost(50_000);
        run.put(
                Records.signal("s0").build(),
                Records.signal("s1").setOriginal("x".repeat(60_000)).build(),
                Records.signal("s2").build());
        assertThat(elasticsearch.documents()).containsOnlyKeys("kordon-signals/s0", "kordon-signals/s2");
        assertThat(run.reported)
                .singleElement()
                .satisfies(record -> assertThat(record.kafkaOffset()).isEqualTo(1));
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 3L));
    }

    @Test
    void keepsToTheBoundsOfABatch() {
        run.with(ElasticsearchSinkConfig.BATCH_SIZE, "2").start().put(signals("s0", "s1", "s2", "s3", "s4"));
        assertThat(elasticsearch.bulkIds()).containsExactly(List.of("s0", "s1"), List.of("s2", "s3"), List.of("s4"));
    }

    @Test
    void reportsWhatIsNoRecordAndGoesOn() {
        run.start();
        byte[] good = run.bytes(Records.signal("s9").build());
        byte[] unknownId = good.clone();
        ByteBuffer.wrap(unknownId).putInt(1, 987_654);
        byte[] wrongMagic = good.clone();
        wrongMagic[0] = 7;
        SinkRecord[] bad = {
            run.record(SIGNALS, null, wrongMagic),
            run.record(SIGNALS, null, unknownId),
            run.record(SIGNALS, null, Arrays.copyOf(good, 40)),
            run.record(SIGNALS, null, new byte[0]),
            run.record(SIGNALS, null, run.bytes(Records.command("c1").build())),
            run.record(SIGNALS, null, "a string"),
            run.record(SIGNALS, null, null),
            run.record("kordon.events.falco", null, good),
            run.record(SIGNALS, null, run.bytes(Records.signal("").build()))
        };
        for (SinkRecord record : bad) {
            run.put(
                    record,
                    run.record(Records.signal("next-" + record.kafkaOffset()).build()));
        }
        assertThat(run.reported).containsExactly(bad);
        assertThat(elasticsearch.documents()).hasSizeGreaterThanOrEqualTo(8);
        assertThat(run.paused).isFalse();
        assertThat(run.committed().get(SIGNALS)).isEqualTo(17);
    }

    @Test
    void aTombstoneOfAnIncidentLeavesItsDocument() {
        run.start().put(Records.incident("i1", 1).build());
        run.put(run.record(INCIDENTS, "i1".getBytes(UTF_8), null));
        assertThat(elasticsearch.documents()).containsKey("kordon-incidents/i1");
        assertThat(run.reported).isEmpty();
        assertThat(run.committed()).isEqualTo(Map.of(INCIDENTS, 2L));
    }

    @Test
    void everyRecordEndsInOneOfTheCounts() {
        run.start()
                .put(
                        Records.incident("i1", 2).build(),
                        Records.incident("i1", 1).build());
        run.put(run.record(INCIDENTS, "i1".getBytes(UTF_8), null), run.record(SIGNALS, null, new byte[] {1}));
        elasticsearch.failBulk(503);
        run.put(signals("s0", "s1"));
        assertThat(run.metric("records-pending")).isEqualTo(2);
        assertThat(run.metric("retries-total")).isEqualTo(1);
        assertThat(run.metric("retries-server-total")).isEqualTo(1);
        run.putAfterTheWait();
        assertThat(run.metric("waiting-seconds")).isZero();
        assertThat(run.metric("records-pending")).isZero();
        assertThat(run.metric("documents-written-total")).isEqualTo(3);
        assertThat(run.metric("documents-already-there-total")).isEqualTo(1);
        assertThat(run.metric("tombstones-total")).isEqualTo(1);
        assertThat(run.metric("records-errant-total")).isEqualTo(1);
    }

    @Test
    void failsAtABadRecordThatNobodyMayTake() {
        run.withoutReporter().with("errors.tolerance", "none").start();
        SinkRecord bad = run.record(SIGNALS, null, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> run.put(bad))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("kordon.signals-0@0")
                .hasMessageContaining("errors.tolerance=all");
    }

    @Test
    void leavesABadRecordBehindWhereThatIsTolerated() {
        run.withoutReporter().start();
        run.put(
                run.record(SIGNALS, null, new byte[] {1, 2, 3}),
                run.record(Records.signal("s1").build()));
        assertThat(elasticsearch.documents()).containsOnlyKeys("kordon-signals/s1");
        assertThat(run.committed()).isEqualTo(Map.of(SIGNALS, 2L));
    }

    @Test
    void givesUpAfterTheConfiguredTriesWithoutProgress() {
        run.with(ElasticsearchSinkConfig.MAX_RETRIES, "1").start();
        elasticsearch.failBulk(503, 503);
        run.put(signals("s0"));
        assertThatThrownBy(run::putAfterTheWait)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("1 retries")
                .hasMessageContaining("503");
    }

    @Test
    void aRevokedPartitionTakesItsWaitingRecordsWithIt() {
        run.start();
        elasticsearch.failBulk(503);
        run.put(Records.signal("s0").build(), Records.incident("i1", 1).build());
        run.revoke(SIGNALS);
        run.elapse(Duration.ofMinutes(1));
        run.putNothing();
        assertThat(elasticsearch.documents()).containsKey("kordon-incidents/i1").doesNotContainKey("kordon-signals/s0");
    }

    private static SpecificRecord[] signals(String... ids) {
        return Stream.of(ids).map(id -> Records.signal(id).build()).toArray(SpecificRecord[]::new);
    }
}
