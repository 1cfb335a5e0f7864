package io.kordon.elasticsearch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kordon.avro.Signal;
import io.kordon.schemas.AvroSerdes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a scripted registry: what is the value's fault, and what is the registry's. */
class RecordDecoderTest {
    private HttpServer registry;
    private RecordDecoder decoder;
    private volatile int status = 200;
    private volatile String body = "";

    @BeforeEach
    void start() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        registry.start();
        Map<String, String> properties = Map.of(
                ElasticsearchSinkConfig.URLS,
                "http://localhost:9200",
                ElasticsearchSinkConfig.REGISTRY_URL,
                "http://127.0.0.1:" + registry.getAddress().getPort());
        decoder = new RecordDecoder(
                TaskRun.TOPICS,
                new AvroSerdes(ElasticsearchSinkConfig.parse(properties).registry()));
    }

    @AfterEach
    void stop() {
        decoder.close();
        registry.stop(0);
    }

    @Test
    void decodesOurOwn() {
        answerWith(Signal.getClassSchema());
        assertThat(decoder.decode(record(signal(7))))
                .isEqualTo(new Decoded.Value(Records.signal("s1").build()));
    }

    @Test
    void aSchemaOfAnotherProgramMakesTheValueUnusable() {
        Schema foreign = SchemaBuilder.record("Order")
                .namespace("com.example")
                .fields()
                .requiredString("id")
                .endRecord();
        answerWith(foreign);
        byte[] value = framed(
                8,
                encoder -> new GenericDatumWriter<>(foreign)
                        .write(new GenericRecordBuilder(foreign).set("id", "o1").build(), encoder));
        assertThat(decoder.decode(record(value))).isInstanceOf(Decoded.Unusable.class);
    }

    @Test
    void aPrimitiveMakesTheValueUnusable() {
        answerWith(Schema.create(Schema.Type.STRING));
        byte[] value = framed(9, encoder -> encoder.writeString("text"));
        assertThat(decoder.decode(record(value))).isInstanceOf(Decoded.Unusable.class);
    }

    @ParameterizedTest
    @CsvSource({"404, 40403", "404, 40401"})
    void aSchemaThatTheRegistryDoesNotKnowMakesTheValueUnusable(int answered, int code) {
        status = answered;
        body = "{\"error_code\":" + code + ",\"message\":\"Schema not found\"}";
        assertThat(decoder.decode(record(signal(7)))).isInstanceOf(Decoded.Unusable.class);
    }

    @ParameterizedTest
    @CsvSource({
        "401, 401",
        "403, 403",
        "404, 404",
        "408, 408",
        "429, 429",
        "500, 50001",
        "502, 502",
        "503, 503",
        "504, 504"
    })
    void anyOtherAnswerOfTheRegistryLeavesItOpen(int answered, int code) {
        status = answered;
        body = "{\"error_code\":" + code + ",\"message\":\"scripted\"}";
        assertThat(decoder.decode(record(signal(7)))).isInstanceOf(Decoded.Unknown.class);
    }

    @Test
    void aPageOfAnErrantProxyLeavesItOpen() {
        body = "<html>Welcome</html>";
        assertThat(decoder.decode(record(signal(7)))).isInstanceOf(Decoded.Unknown.class);
    }

    @Test
    void aRegistryThatIsAwayLeavesItOpenAndTheValueIsFineWhenItIsBack() {
        status = 503;
        assertThat(decoder.decode(record(signal(7)))).isInstanceOf(Decoded.Unknown.class);
        status = 200;
        answerWith(Signal.getClassSchema());
        assertThat(decoder.decode(record(signal(7)))).isInstanceOf(Decoded.Value.class);
        registry.stop(0);
        assertThat(decoder.decode(record(signal(7))))
                .as("a schema that is known needs no registry")
                .isInstanceOf(Decoded.Value.class);
        assertThat(decoder.decode(record(signal(77)))).isInstanceOf(Decoded.Unknown.class);
    }

    @Test
    void brokenBytesUnderAKnownSchemaAreUnusable() {
        answerWith(Signal.getClassSchema());
        List<byte[]> broken = List.of(
                framed(7, encoder -> {}),
                framed(7, encoder -> encoder.writeLong(-5)),
                framed(7, encoder -> encoder.writeLong(Integer.MAX_VALUE - 8L)),
                framed(7, encoder -> encoder.writeFixed(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1})));
        for (byte[] value : broken) {
            assertThat(decoder.decode(record(value))).isInstanceOf(Decoded.Unusable.class);
        }
    }

    private void answerWith(Schema schema) {
        body = Json.MAPPER.createObjectNode().put("schema", schema.toString()).toString();
    }

    private static byte[] signal(int id) {
        return framed(
                id,
                encoder -> new SpecificDatumWriter<>(Signal.class)
                        .write(Records.signal("s1").build(), encoder));
    }

    private interface Body {
        void write(BinaryEncoder encoder) throws IOException;
    }

    /** Confluent's wire format: a zero byte, the schema's id, the Avro body. */
    private static byte[] framed(int id, Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            body.write(encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static SinkRecord record(byte[] value) {
        return new SinkRecord(
                TaskRun.TOPICS.signals().name(), 0, null, null, null, value, 0, 0L, TimestampType.CREATE_TIME);
    }
}
