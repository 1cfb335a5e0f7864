package io.kordon.app.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.app.demo.Incidents;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Finding;
import io.kordon.avro.Incident;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class DecisionDeskTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123456789Z");

    private final Incident incident = Incidents.contained();

    @Test
    void keysADecisionByItsIncidentAndCopiesTheCorrelationKey() throws InterruptedException {
        try (MockProducer<String, Decision> producer = producer()) {
            Decision decision = desk(producer, NOW).handIn(incident, DecisionAction.DISMISS, null, "alice", "a drill");

            assertThat(producer.history()).singleElement().satisfies(record -> {
                assertThat(record.topic()).isEqualTo("kordon.decisions");
                assertThat(record.key()).isEqualTo("inc-1");
                assertThat(record.value()).isEqualTo(decision);
            });
            assertThat(decision.getKey()).isEqualTo("it/tomcat/tomcat-depl-89bb8c5c7-lspcw");
            assertThat(decision.getIncidentId()).isEqualTo("inc-1");
            assertThat(decision.getAt()).isEqualTo("2026-11-24T12:00:00.123456Z");
        }
    }

    @Test
    void givesDifferentDecisionsDifferentIds() throws InterruptedException {
        try (MockProducer<String, Decision> producer = producer()) {
            String id = desk(producer, NOW)
                    .handIn(incident, DecisionAction.CLOSE, null, "alice", "")
                    .getId();
            assertThat(id).matches("dec-[0-9a-f]{32}");
            assertThat(desk(producer, NOW.plusMillis(1))
                            .handIn(incident, DecisionAction.CLOSE, null, "alice", "")
                            .getId())
                    .isNotEqualTo(id);
            assertThat(desk(producer, NOW)
                            .handIn(incident, DecisionAction.REOPEN, null, "alice", "")
                            .getId())
                    .isNotEqualTo(id);
        }
    }

    @Test
    void handsInWhatAnExaminationFound() throws InterruptedException {
        Finding finding =
                Finding.newBuilder().setKind("indicator").setPath("/tmp/xmrig").build();
        try (MockProducer<String, Decision> producer = producer()) {
            desk(producer, NOW).attach(incident, "alice", "inspection of /mnt", null, List.of(finding));

            assertThat(producer.history()).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("inc-1");
                assertThat(record.value().getAction()).isEqualTo(DecisionAction.ATTACH);
                assertThat(record.value().getFindings()).containsExactly(finding);
                assertThat(record.value().getBundle()).isNull();
            });
        }
    }

    @Test
    void namesTheCommandThatADecisionIsAbout() throws InterruptedException {
        try (MockProducer<String, Decision> producer = producer()) {
            Decision one = desk(producer, NOW).handIn(incident, DecisionAction.APPROVE, "cmd-1", "alice", "");
            Decision other = desk(producer, NOW).handIn(incident, DecisionAction.APPROVE, "cmd-2", "alice", "");
            assertThat(one.getCommandId()).isEqualTo("cmd-1");
            assertThat(one.getId()).isNotEqualTo(other.getId());
        }
    }

    @Test
    void saysThatADecisionIsNotInItsTopic() {
        try (MockProducer<String, Decision> producer = producer()) {
            producer.sendException = new TimeoutException("broker away");
            assertThatThrownBy(() -> desk(producer, NOW).handIn(incident, DecisionAction.CLOSE, null, "alice", ""))
                    .isInstanceOf(KafkaException.class)
                    .hasRootCauseMessage("broker away");
        }
    }

    private static DecisionDesk desk(MockProducer<String, Decision> producer, Instant now) {
        return new DecisionDesk(new Topics().decisions(), producer, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static MockProducer<String, Decision> producer() {
        return new MockProducer<>(
                true,
                new RoundRobinPartitioner(),
                new StringSerializer(),
                AvroSerdes.registry("mock://decision-desk").serializer());
    }
}
