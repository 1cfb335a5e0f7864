package io.kordon.app.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.CommandRun;
import io.kordon.evidence.BundleLimits;
import io.kordon.evidence.BundleWriter;
import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.EvidenceBundles;
import io.kordon.evidence.EvidenceConfig;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.EvidenceStores;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands over a store in a folder, with no Kafka. */
class EvidenceCommandTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @BeforeEach
    void seal() throws IOException {
        try (EvidenceStore store = EvidenceStores.open(
                        EvidenceConfig.of(folder.resolve("store").toString()), CLOCK);
                EvidenceBundles bundles =
                        new EvidenceBundles(store, folder.resolve("spool"), BundleLimits.DEFAULT, "capture", CLOCK)) {
            seal(bundles, new BundleId("prod", "inc-aaaa0001", "cmd-1"));
            seal(bundles, new BundleId("prod", "inc-aaaa0001", "cmd-2"));
            seal(bundles, new BundleId("prod", "inc-aaaa0002", "cmd-3"));
            seal(bundles, new BundleId("edge", "inc-bbbb0001", "cmd-4"));
        }
    }

    private static void seal(EvidenceBundles bundles, BundleId id) throws IOException {
        try (BundleWriter bundle = bundles.begin(id)) {
            byte[] content = ("log of " + id.id()).getBytes(StandardCharsets.UTF_8);
            bundle.add("current.log", "/logs", Map.of(), new ByteArrayInputStream(content), 100);
            bundle.missing("previous.log", "/logs?previous", "404");
            bundle.seal();
        }
    }

    @Test
    void listsBundlesByIncident() throws IOException {
        CommandRun list = run("evidence list");
        assertThat(list.err()).isEmpty();
        assertThat(list.code()).isZero();
        assertThat(list.out().lines()).hasSize(5);
        assertThat(list.out())
                .containsPattern(
                        "inc-aaaa0001 +2 +2026-11-25T12:00:00Z +capture +1 +12 +1 +[0-9a-f]{12} +file:///.*/000002/");

        assertThat(run("evidence list --cluster edge").out().lines()).hasSize(2);
        assertThat(run("evidence list --incident inc-aaaa0001").out().lines()).hasSize(3);
        assertThat(run("evidence list --incident inc-cccc").code()).isEqualTo(1);
        CommandRun ambiguous = run("evidence list --incident inc-aaaa");
        assertThat(ambiguous.code()).isEqualTo(2);
        assertThat(ambiguous.err()).contains("prod/inc-aaaa0001, prod/inc-aaaa0002");
    }

    @Test
    void listsForPrograms() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : run("evidence list --json --incident inc-aaaa0001")
                .out()
                .lines()
                .toList()) {
            rows.add(new ObjectMapper().readTree(line));
        }

        assertThat(rows).hasSize(2);
        assertThat(rows.get(1).path("previous").asText())
                .isEqualTo(rows.get(0).path("digest").asText());
        assertThat(rows.get(1).path("incident").asText()).isEqualTo("inc-aaaa0001");
        assertThat(rows.get(1).path("id").asText()).isEqualTo("cmd-2");
        assertThat(rows.get(1).path("bundle").asInt()).isEqualTo(2);
    }

    @Test
    void findsEverythingInOrderAndSaysWhatThatDoesNotShow() {
        CommandRun verify = run("evidence verify --all");

        assertThat(verify.code()).isZero();
        assertThat(verify.out())
                .isEqualToIgnoringNewLines(
                        "4 bundles of 3 incidents, 4 files, 48 bytes; 0 incidents compared with Kafka;"
                                + " no problems");
        assertThat(verify.err()).contains("not compared with what the incidents remember in Kafka");
    }

    @Test
    void endsWithOneAndALineForEachProblem() throws IOException {
        Path log = only("store/prod/inc-aaaa0002/attempts").resolve("current.log");
        Files.writeString(log, "LOG of cmd-3");
        Files.delete(folder.resolve("store/prod/inc-aaaa0001/000001/manifest.json"));

        CommandRun all = run("evidence verify --all");
        assertThat(all.code()).isEqualTo(1);
        assertThat(all.out().lines()).hasSize(3);
        assertThat(all.out())
                .contains("prod/inc-aaaa0001/000001: a manifest is missing: 000001 (expected SHA-256 ")
                .contains("prod/inc-aaaa0002/000001: a file has another content: current.log (expected SHA-256 ")
                .contains("2 problems");
        assertThat(all.err()).contains("that no manifest names");
        assertThat(run("evidence verify --incident inc-bbbb").code()).isZero();
        assertThat(run("evidence verify --incident inc-cccc").code()).isEqualTo(1);
    }

    @Test
    void fetchesACopyThatVerifies() {
        CommandRun fetch = run("evidence fetch --incident inc-aaaa0001 --to " + folder.resolve("case"));

        assertThat(fetch.err()).isEmpty();
        assertThat(fetch.code()).isZero();
        assertThat(fetch.out()).contains("2 bundles, 2 files, 24 bytes in " + folder.resolve("case/prod/inc-aaaa0001"));
        CommandRun verify = CommandRun.of(
                "evidence", "verify", "--all", "--offline", "--set", "kordon.evidence.store=" + folder.resolve("case"));
        assertThat(verify.code()).isZero();
        assertThat(verify.out()).contains("2 bundles of 1 incidents");
    }

    @Test
    void fetchesOnlyWhatIsAsItWasSealed() throws IOException {
        Files.writeString(only("store/prod/inc-aaaa0002/attempts").resolve("current.log"), "LOG of cmd-3");

        CommandRun fetch = run("evidence fetch --incident inc-aaaa0002 --bundle 1 --to " + folder.resolve("case"));

        assertThat(fetch.code()).isEqualTo(1);
        assertThat(fetch.out()).contains("it was not copied").contains("1 problems");
        assertThat(run("evidence fetch --incident inc-aaaa0002 --bundle 2 --to " + folder.resolve("case"))
                        .code())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evidence",
                "evidence verify",
                "evidence verify --all --incident inc-1",
                "evidence fetch --to x",
                "evidence fetch --incident inc-1",
                "evidence fetch --incident inc-1 --to x --bundle -1",
                "evidence list --set kordon.evidence.store=gs://bucket",
                "evidence list --set kordon.evidence.store=",
                "evidence list --set kordon.evidence.lock-mode=FOREVER",
                "evidence list --set kordon.evidence.lock-mode=GOVERNANCE",
                "evidence list --set kordon.evidence.store=s3://bucket --set kordon.evidence.s3-access-key=a",
                "evidence list --set kordon.evidence.store=s3://bucket --set kordon.evidence.s3-endpoint=nowhere"
            })
    void endsWithTwoWhenItIsUsedWrongly(String line) {
        CommandRun run = line.contains("evidence.store") ? CommandRun.of(line.split(" ", -1)) : run(line);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).isNotBlank().doesNotContain("\tat ");
    }

    @Test
    void endsWithOneAndNoStackTraceWhereTheStoreIsAway() {
        CommandRun run = CommandRun.of(
                "evidence", "list",
                "--set", "kordon.evidence.store=s3://bucket",
                "--set", "kordon.evidence.s3-endpoint=http://127.0.0.1:1",
                "--set", "kordon.evidence.s3-access-key=a",
                "--set", "kordon.evidence.s3-secret-key=hidden");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("kordon evidence list: cannot list s3://bucket/")
                .doesNotContain("\tat ")
                .doesNotContain("hidden");
    }

    @Test
    void neverPrintsTheSecretKey() {
        CommandRun run = run("evidence list --print-config --set kordon.evidence.s3-secret-key=hidden");
        assertThat(run.out()).contains("kordon.evidence.s3-secret-key: ***").doesNotContain("hidden");
    }

    private CommandRun run(String words) {
        return CommandRun.of((words + " --set kordon.evidence.store=" + folder.resolve("store")).split(" ", -1));
    }

    private Path only(String in) throws IOException {
        try (Stream<Path> entries = Files.list(folder.resolve(in))) {
            return entries.reduce((one, other) -> {
                        throw new IllegalStateException("more than one in " + in);
                    })
                    .orElseThrow();
        }
    }
}
