package io.kordon.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kordon.avro.AuditEvent;
import io.kordon.avro.PrometheusEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.specific.SpecificRecord;

/** Whatever arrives, decoders answer with data. */
class DecoderPropertiesTest {
    private static final List<Decoder> DECODERS =
            List.of(new FalcoDecoder(), new AlertmanagerDecoder(), new AuditDecoder());
    private static final List<String> SEEDS = List.of(
            "{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00.5Z\",\"hostname\":\"h\",\"output_fields\":{\"a\":[1,{}],"
                    + "\"n\":9223372036854775808,\"k8s.ns.name\":\"n\",\"k8s.pod.name\":\"p\"}}",
            "{\"version\":\"4\",\"status\":\"firing\",\"alerts\":[{\"labels\":{\"alertname\":\"é\"},\"annotations\":"
                    + "{\"value\":\"1e3\"},\"startsAt\":\"2026-11-24T00:05:49.58Z\"}],\"receiver\":\"k\"}",
            "{\"kind\":\"EventList\",\"items\":[{\"auditID\":\"a\",\"stage\":\"s\",\"verb\":\"v\",\"user\":{\"extra\":"
                    + "{\"x\":[\"y\"]}},\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"n\",\"name\":\"p\"}}]}",
            "[{\"log\":\"{\\\"auditID\\\":\\\"a\\\",\\\"stage\\\":\\\"s\\\",\\\"verb\\\":\\\"v\\\"}\\n\",\"kubernetes\":{}},"
                    + "{\"message\":{\"rule\":\"r\",\"time\":\"2026-11-24T12:00:00Z\"}}]",
            "{\"records\":[{\"category\":\"kube-audit\",\"properties\":{\"log\":\"{\\\"auditID\\\":\\\"a\\\","
                    + "\\\"stage\\\":\\\"s\\\",\\\"verb\\\":\\\"v\\\"}\"}},{\"category\":\"guard\",\"properties\":{}}]}",
            "{\"insertId\":\"i\",\"operation\":{\"id\":\"o\",\"first\":true},\"timestamp\":\"2026-11-24T12:00:00Z\","
                    + "\"protoPayload\":{\"methodName\":\"io.k8s.core.v1.pods.create\",\"resourceName\":"
                    + "\"core/v1/namespaces/n/pods/p\",\"status\":{\"code\":7},\"authorizationInfo\":[{\"granted\":true}],"
                    + "\"response\":{\"@type\":\"core.k8s.io/v1.Pod\",\"metadata\":{\"name\":\"p\"}}}}",
            "{\"data\":{\"alertCreated\":{\"alert\":{\"fingerprint\":\"9\",\"labels\":{\"labels\":[{\"key\":\"a\","
                    + "\"value\":\"b\"}]},\"startsAt\":\"2026-11-24T12:00:00Z\"}}}}",
            "{\"data\":{\"notification\":{\"alerts\":[{\"hash\":\"9\",\"details\":{\"labels\":{\"labels\":[]},"
                    + "\"startsAt\":\"2026-11-24T12:00:00Z\",\"resolved\":true}},{\"hash\":\"8\"}],\"groupInfo\":"
                    + "{\"groupKey\":\"k\"}}}}");
    private static final byte[] ALPHABET =
            "{}[]\",:\\ \n\r0123456789eE+-.tfnualsr\u00e9".getBytes(StandardCharsets.UTF_8);

    @Property(tries = 2000)
    void randomBytesNeverThrow(@ForAll byte[] body, @ForAll boolean lines) {
        decodeAll(body, lines);
    }

    @Property(tries = 3000)
    void bytesThatLookLikeJsonNeverThrow(@ForAll("jsonLike") byte[] body, @ForAll boolean lines) {
        decodeAll(body, lines);
    }

    @Property(tries = 5000)
    void mutatedDocumentsNeverThrow(@ForAll("mutated") byte[] body, @ForAll boolean lines) {
        decodeAll(body, lines);
    }

    @Property(tries = 1000)
    void anyTextHasAnOriginalEvent(@ForAll String original, @ForAll("mutated") byte[] document) {
        assertThat(AuditOriginal.event(original)).isNotNull();
        assertThat(FalcoOriginal.event(new String(document, StandardCharsets.UTF_8)))
                .isNotNull();
        assertThat(AuditOriginal.event(new String(document, StandardCharsets.UTF_8)))
                .isNotNull();
    }

    @Property(tries = 1000)
    void cutsAnArrayWhereItsElementsAre(@ForAll("values") List<String> elements) {
        String array = "[ " + String.join(" ,\n", elements) + "]";
        List<Slice> slices = JsonSlicer.elements(Slice.of(array.getBytes(StandardCharsets.UTF_8)), Decoder.MAX_ITEMS);

        assertThat(slices).map(Decoding::text).isEqualTo(elements);
    }

    @Provide
    Arbitrary<byte[]> jsonLike() {
        return Arbitraries.integers()
                .between(0, ALPHABET.length - 1)
                .list()
                .ofMaxSize(60)
                .map(picks -> {
                    byte[] bytes = new byte[picks.size()];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = ALPHABET[picks.get(i)];
                    }
                    return bytes;
                });
    }

    @Provide
    Arbitrary<byte[]> mutated() {
        Arbitrary<List<Integer>> places =
                Arbitraries.integers().between(0, 1000).list().ofMinSize(1).ofMaxSize(4);
        Arbitrary<byte[]> splices = Arbitraries.oneOf(
                jsonLike().map(bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, 3))),
                Arbitraries.of(SEEDS).map(seed -> seed.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(2));
        return Combinators.combine(Arbitraries.of(SEEDS), places, splices, Arbitraries.of(true, false))
                .as((seed, at, splice, replace) -> {
                    byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
                    for (int place : at) {
                        bytes = spliced(bytes, place % bytes.length, splice, replace);
                    }
                    return bytes;
                });
    }

    @Provide
    Arbitrary<List<String>> values() {
        Arbitrary<String> scalars = Arbitraries.oneOf(
                Arbitraries.of("0", "-1.5e3", "true", "null", "\"\\\"\"", "\"],[\"", "\"\\\\\"", "\"{\""),
                Arbitraries.strings().withChars("{}[],:é").ofMaxLength(5).map(text -> '"' + text + '"'));
        Arbitrary<String> nested = scalars.list().ofMaxSize(3).map(list -> "[" + String.join(", ", list) + "]");
        Arbitrary<String> objects =
                Combinators.combine(scalars, nested).as((a, b) -> "{\"k\":" + a + ", \"l\" : " + b + "}");
        return Arbitraries.oneOf(scalars, nested, objects).list().ofMaxSize(6);
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] splice, boolean replace) {
        int rest = replace ? Math.min(bytes.length, at + splice.length + 1) : at;
        byte[] result = new byte[Math.max(1, at + splice.length + bytes.length - rest)];
        System.arraycopy(bytes, 0, result, 0, at);
        System.arraycopy(splice, 0, result, at, splice.length);
        System.arraycopy(bytes, rest, result, at + splice.length, bytes.length - rest);
        return result;
    }

    /** Every item is answered for, every rejection points into the body, every original parses and is in the body. */
    private static void decodeAll(byte[] body, boolean lines) {
        if (Slice.of(body).isBlank()) {
            return; // the door answers that itself
        }
        for (Decoder decoder : DECODERS) {
            List<Decoded> items = new ArrayList<>(Decoding.decode(decoder, body, lines));
            for (Decoded item : items) {
                if (item instanceof Decoded.Valid valid) {
                    String original = original(valid.event());
                    assertThat(original.getBytes(StandardCharsets.UTF_8))
                            .isEqualTo(valid.bytes().copy(body.length));
                    assertThat(new String(body, StandardCharsets.UTF_8)).contains(original);
                    assertIsOneObject(original);
                    if (valid.event() instanceof AuditEvent) {
                        assertIsOneObject(AuditOriginal.event(original));
                    }
                    assertThat(Decoding.decode(decoder, reparsed(valid.event(), original)))
                            .singleElement()
                            .satisfies(again ->
                                    assertThat(((Decoded.Valid) again).entity()).isEqualTo(valid.entity()));
                } else if (item instanceof Decoded.Rejected rejected) {
                    assertThat(rejected.reason()).isNotBlank();
                    assertThat(rejected.bytes().length()).isLessThanOrEqualTo(body.length);
                }
            }
        }
    }

    private static String reparsed(SpecificRecord event, String original) {
        if (!(event instanceof PrometheusEvent alert) || EventRecording.isOne(slice(original))) {
            return original;
        }
        return EventRecording.isOne(slice(alert.getEnvelope()))
                ? "{\"data\":{\"notification\":{\"alerts\":[" + original + "]}}}"
                : "{\"version\":\"4\",\"status\":\"firing\",\"alerts\":[" + original + "]}";
    }

    private static Slice slice(String text) {
        return Slice.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String original(SpecificRecord event) {
        return (String) event.get(event.getSchema().getField("original").pos());
    }

    private static void assertIsOneObject(String json) {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            parser.skipChildren();
            assertThat(parser.nextToken()).isNull();
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }
}
