package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.FalcoEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class AvroSerdesTest {
    private final AvroSerdes serdes = AvroSerdes.registry("mock://serdes");

    @Test
    void writesConfluentsWireFormatAndReadsItBack() {
        Decision decision = Decision.newBuilder()
                .setId("d-1")
                .setIncidentId("inc-1")
                .setKey("demo/tomcat/tomcat-1")
                .setAction(DecisionAction.CLOSE)
                .setBy("analyst")
                .setAt(Instant.parse("2026-11-24T12:00:00.123456Z"))
                .build();
        try (Serde<Decision> serde = serdes.serde()) {
            byte[] bytes = serde.serializer().serialize("kordon.decisions", decision);
            assertThat(Arrays.copyOf(bytes, 1)).containsExactly(0);
            assertThat(serde.deserializer().deserialize("kordon.decisions", bytes))
                    .isEqualTo(decision);

            try (KafkaAvroDeserializer stock = new KafkaAvroDeserializer()) {
                stock.configure(Map.of("schema.registry.url", "mock://serdes"), false);
                GenericRecord generic = (GenericRecord) stock.deserialize("kordon.decisions", bytes);
                assertThat(generic.get("id")).hasToString("d-1");
            }
        }
    }

    @Test
    void carriesEveryKindOfFalcoFieldExactly() {
        Map<String, Object> fields = new HashMap<>();
        fields.put("evt.time", 9_223_372_036_854_775_807L);
        fields.put("evt.ratio", 0.1);
        fields.put("proc.name", "curl");
        fields.put("proc.is_exe_writable", true);
        fields.put("k8s.pod.name", null);
        fields.put("proc.aname", List.of("a", "b"));
        FalcoEvent event = FalcoEvent.newBuilder()
                .setId("f-1")
                .setEntity(EntityKey.nodeEntity("demo", "worker-1").build())
                .setTime(Instant.parse("2026-11-24T12:00:00Z"))
                .setReceivedAt(Instant.parse("2026-11-24T12:00:01Z"))
                .setRule("R")
                .setSource("syscall")
                .setOutputFields(fields)
                .setOriginal("{}")
                .build();
        try (Serde<FalcoEvent> serde = serdes.serde()) {
            FalcoEvent read =
                    serde.deserializer().deserialize("t", serde.serializer().serialize("t", event));
            assertThat(read.getOutputFields()).isEqualTo(fields);
        }
    }

    @Test
    void asksForTheRegistrysAddress() {
        assertThatThrownBy(() -> new AvroSerdes(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("schema.registry.url");
    }
}
