package io.kordon.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kordon.evidence.Bundles.BundleId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestJsonTest {
    private static final String DIGEST = "ab".repeat(32);
    private static final Instant AT = Instant.parse("2026-11-25T12:00:00.123456Z");

    private static final Manifest MANIFEST = new Manifest(
            2,
            new BundleId("prod", "inc-1", "cmd-2"),
            "capture",
            "0f1e",
            AT,
            AT.plusSeconds(1),
            List.of(new Manifest.Entry(
                    "pod.json", 2, DIGEST, AT, "/api/v1/pods/\"é\"", true, Map.of("b", "2", "a", "1"))),
            List.of(new Manifest.Absence("node.json", "/api/v1/nodes/n", "403 Forbidden", AT)),
            0,
            Optional.of(new Manifest.Previous(DIGEST, "cmd-1", "s3://bucket/prod/inc-1/000001/")));

    @Test
    void writesCanonicalJson() {
        String time = "\"2026-11-25T12:00:00.123456Z\"";
        assertThat(new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8))
                .isEqualTo("{\"attempt\":\"0f1e\",\"cluster\":\"prod\",\"created\":" + time
                        + ",\"files\":[{\"at\":" + time + ",\"bytes\":2,\"facts\":{\"a\":\"1\",\"b\":\"2\"},"
                        + "\"name\":\"pod.json\",\"sha256\":\"" + DIGEST
                        + "\",\"source\":\"/api/v1/pods/\\\"é\\\"\",\"truncated\":true}],"
                        + "\"format\":\"kordon-evidence/1\",\"id\":\"cmd-2\",\"incident\":\"inc-1\","
                        + "\"missing\":[{\"at\":" + time + ",\"name\":\"node.json\",\"reason\":\"403 Forbidden\","
                        + "\"source\":\"/api/v1/nodes/n\"}],\"missingOmitted\":0,\"origin\":\"capture\","
                        + "\"previous\":{\"digest\":\"" + DIGEST
                        + "\",\"id\":\"cmd-1\",\"location\":\"s3://bucket/prod/inc-1/000001/\"},"
                        + "\"sealed\":\"2026-11-25T12:00:01.123456Z\",\"sequence\":2}");
    }

    @Test
    void readsWhatItWrote() {
        assertThat(ManifestJson.read(ManifestJson.write(MANIFEST))).isEqualTo(MANIFEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"pod.json\"      | \"../pod.json\"        | no relative path",
                "\"pod.json\"      | \"/etc/cron.d/x\"      | no relative path",
                "\"pod.json\"      | \"a\\u0000b\"          | no relative path",
                "\"pod.json\"      | 7                      | name is missing, or no text",
                "\"bytes\":2       | \"bytes\":-2           | bytes is negative",
                "\"bytes\":2       | \"bytes\":2.5          | bytes is missing, or no whole number",
                "\"bytes\":2       | \"bytes\":2,\"bytes\":3 | no JSON: Duplicate",
                "\"0f1e\"          | \"..\"                 | attempt is no name of a folder",
                "\"sequence\":2    | \"sequence\":0         | sequence is out of range",
                "evidence/1        | evidence/2             | this reads kordon-evidence/1",
                "\"sealed\":\"2026 | \"sealed\":\"last year | sealed is no time",
                "\"files\":[       | \"other\":[            | files is no array",
                "\"previous\":{    | \"earlier\":{          | digest is missing, or no text",
            })
    void refusesWhatKordonDoesNotWrite(String text, String other, String reason) {
        String json = new String(ManifestJson.write(MANIFEST), StandardCharsets.UTF_8);
        assertThat(json).contains(text);
        byte[] changed = json.replace(text, other).getBytes(StandardCharsets.UTF_8);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManifestJson.read(changed))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[]", "{}", "{\"format\":", "null", "{\"a\":\"\u0000\"}"})
    void refusesWhatIsNoManifest(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ManifestJson.read(text.getBytes(StandardCharsets.UTF_8)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManifestJson.read("[".repeat(100_000).getBytes(StandardCharsets.UTF_8)));
    }
}
