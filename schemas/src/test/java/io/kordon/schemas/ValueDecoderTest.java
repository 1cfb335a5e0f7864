package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.Rule;
import io.kordon.schemas.ValueDecoder.Decoded;
import java.io.EOFException;
import java.net.ConnectException;
import java.time.Instant;
import org.apache.avro.AvroTypeException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueDecoderTest {
    private static final String TOPIC = "kordon.rules";

    private final AvroSerdes serdes = AvroSerdes.registry("mock://value-decoder");

    @Test
    void readsValuesAndTombstones() {
        Rule rule = Rule.newBuilder()
                .setId("r")
                .setVersion("1")
                .setDocument("title: t")
                .setPublishedAt(Instant.EPOCH)
                .build();
        assertThat(decode(bytes(rule))).isEqualTo(new Decoded.Value<>(rule));
        assertThat(decode(null)).isEqualTo(new Decoded.Tombstone<>());
    }

    @Test
    void refusesForeignBytesAndRecordsOfAnotherKind() {
        Decision decision = Decision.newBuilder()
                .setId("d")
                .setIncidentId("i")
                .setKey("k")
                .setAction(DecisionAction.CLOSE)
                .setBy("b")
                .setAt(Instant.EPOCH)
                .build();
        assertThat(decode(new byte[] {1, 2, 3})).isInstanceOf(Decoded.Unusable.class);
        assertThat(decode(new byte[0])).isInstanceOf(Decoded.Unusable.class);
        assertThat(decode(bytes(decision))).isEqualTo(new Decoded.Unusable<>("the value is not a Rule"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 407, 408, 429, 500, 502, 503})
    void waitsForARegistryThatRefusesOrHasNoTime(int status) {
        assertThat(failing(new RestClientException("no", status, status * 100)))
                .isInstanceOf(Decoded.Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422})
    void blamesTheRecordForASchemaThatTheRegistryDoesNotKnow(int status) {
        assertThat(failing(new RestClientException("no", status, status * 100))).isInstanceOf(Decoded.Unusable.class);
    }

    @Test
    void tellsAnOutageFromBytesThatEndTooEarly() {
        assertThat(failing(new ConnectException("connection refused")))
                .isEqualTo(new Decoded.Unavailable<>("ConnectException: connection refused"));
        assertThat(failing(new TimeoutException("slow"))).isInstanceOf(Decoded.Unavailable.class);
        assertThat(failing(new EOFException())).isInstanceOf(Decoded.Unusable.class);
        assertThat(failing(new AvroTypeException("x".repeat(10_000))))
                .isInstanceOfSatisfying(
                        Decoded.Unusable.class,
                        refused -> assertThat(refused.reason()).hasSizeLessThan(600));
    }

    private Decoded<Rule> decode(byte @Nullable [] value) {
        try (ValueDecoder<Rule> decoder = ValueDecoder.of(new Topics().rules(), serdes)) {
            return decoder.decode(new ConsumerRecord<>(TOPIC, 0, 0, null, value));
        }
    }

    private static Decoded<Rule> failing(Exception cause) {
        try (ValueDecoder<Rule> decoder = new ValueDecoder<>(Rule.class, (topic, data) -> {
            throw new SerializationException("failed", cause);
        })) {
            return decoder.decode(new ConsumerRecord<>(TOPIC, 0, 0, null, new byte[] {0}));
        }
    }

    private <V extends SpecificRecord> byte[] bytes(V value) {
        try (Serializer<V> serializer = serdes.serializer()) {
            return serializer.serialize(TOPIC, value);
        }
    }
}
