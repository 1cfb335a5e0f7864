package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class KordonTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "topics",
                "gateway",
                "streams",
                "actuator",
                "inventory",
                "connect",
                "incidents",
                "evidence",
                "rules",
                "playbooks",
                "simulate",
                "scenario"
            })
    void explainsEveryCommand(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: kordon " + command).contains("--");
    }

    @Test
    void listsTheCatalogueWithoutABroker() {
        assertThat(run("topics", "--list", "--set", "kordon.topics.prefix=acme."))
                .isZero();
        assertThat(out.toString().lines()).hasSize(13).allMatch(line -> line.startsWith("acme."));
    }

    @Test
    void endsWithTwoAndSaysAllThatIsWrongWithTheSettings() {
        assertThat(run("gateway", "--set", "kordon.gateway.prot=1", "--set", "kordon.gateway.port=x"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("did you mean kordon.gateway.port?")
                .contains("kordon.gateway.port is 'x' (from the command line)")
                .doesNotContain("Exception");
    }

    @Test
    void refusesToCheckAnOutcomeThatNobodyPlays() {
        assertThat(run("demo", "--once", "--no-scenario")).isEqualTo(2);
        assertThat(err.toString()).contains("--once checks the example's outcome");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kordon.topics.prefix=no good", "kordon.gateway.acknowledge-timeout=0s"})
    void endsWithTwoAndNoStackTraceForAValueThatAComponentRefuses(String setting) {
        assertThat(run("gateway", "--kafka", "127.0.0.1:1", "--registry", "http://127.0.0.1:1", "--set", setting))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("kordon gateway: ").doesNotContain("\tat ");
    }

    @Test
    void endsWithOneAndNoStackTraceForAnAddressThatKafkaRefuses() {
        assertThat(run("topics", "--kafka", "nonsense", "--registry", "http://127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("kordon topics: ")
                .contains("bootstrap.servers")
                .doesNotContain("\tat ");
    }

    @Test
    void refusesToRunWithoutTheRulesThatItWasGiven() {
        assertThat(run(
                        "streams",
                        "--kafka",
                        "127.0.0.1:1",
                        "--registry",
                        "http://127.0.0.1:1",
                        "--set",
                        "kordon.rules.paths=absent.yml",
                        "--set",
                        "kordon.playbooks.paths=absent"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("kordon.rules.paths names absent.yml")
                .contains("kordon.playbooks.paths names absent");
    }

    @Test
    void printsTheSettingsWithTheirOrigin() {
        assertThat(run("streams", "--print-config", "--set", "kordon.cluster=prod"))
                .isZero();
        assertThat(out.toString())
                .contains("kordon.cluster: prod  # the command line")
                .contains("kordon.streams.threads: 2  # default");
    }

    @Test
    void findsNothingWrongWithTheRulesThatItShips() {
        assertThat(run("rules", "check", "../rules")).as(out.toString()).isZero();
        assertThat(out.toString()).containsPattern("[1-9]\\d* correlation rules, 2 playbooks, 0 problems");
    }

    @Test
    void namesFileLineAndReasonOfWhatIsWrongWithARule(@TempDir Path folder) throws IOException {
        Path rule = Files.writeString(folder.resolve("bad.yml"), """
            title: Bad
            logsource: {product: falco}
            detection:
              selection: {rule|sounds-like: RCE}
              condition: selection
            """);
        Path playbooks = Files.createDirectory(folder.resolve("playbooks"));
        Files.writeString(playbooks.resolve("p.yml"), "name: p\nsteps: [explode]\n");

        assertThat(run("rules", "check", folder.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains(rule + ":4:")
                .contains("sounds-like")
                .contains("p.yml:2:")
                .contains("unknown step 'explode'")
                .contains("0 detection rules, 0 correlation rules, 0 playbooks, 2 problems");
    }

    @Test
    void checksPlaybooksAlone(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("p.yml"), "name: good\nsteps: [label]\n---\nname: bad\nsteps:\n- explode\n");

        assertThat(run("playbooks", "check", folder.toString())).isEqualTo(1);
        assertThat(out.toString())
                .contains(file + ":6:")
                .contains("unknown step 'explode'")
                .contains("1 playbooks, 1 problems");
        assertThat(run("playbooks", "check", "../rules/playbooks")).isZero();
    }

    @Test
    void saysWhichGuardrailIsSetToWhatItCannotBe() {
        assertThat(run(
                        "streams",
                        "--kafka",
                        "127.0.0.1:1",
                        "--registry",
                        "http://127.0.0.1:1",
                        "--set",
                        "kordon.guardrails.max-per-owner=-2"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("kordon.guardrails.max-per-owner").contains("-1 to 500");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "incidents",
                "incidents list --open --all",
                "incidents list --severity grave",
                "incidents watch --since yesterday",
                "incidents watch --for ever",
                "incidents show",
                "incidents close inc-1 --by alice --timeout soon",
                "incidents dismiss inc-1 --by alice",
                "incidents dismiss inc-1 --by alice --reason=",
                "incidents close inc-1 --by=",
                "incidents reopen",
                "incidents approve --by alice",
                "incidents approve inc-1 inc-2 --command cmd-1 --by alice",
                "incidents reject inc-1 --by=",
                "incidents release --by alice",
                "incidents release inc-1 --by alice --timeout soon",
                "incidents list --status fine",
                "incidents list --kafka 127.0.0.1:1",
                "rules",
                "rules apply",
                "rules apply rules --prune --force",
                "rules remove",
                "rules reset",
                "rules list --kafka 127.0.0.1:1",
                "playbooks",
                "playbooks check",
                "playbooks apply",
                "playbooks apply rules --prune --force",
                "playbooks remove",
                "playbooks reset",
                "playbooks list --kafka 127.0.0.1:1",
            })
    void endsWithTwoWhenACommandOfPeopleIsUsedWrongly(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString()).isNotBlank().doesNotContain("Exception");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void endsWithOneWhenNoBrokerAnswersAPerson() {
        assertThat(run(
                        "incidents",
                        "list",
                        "--kafka",
                        "127.0.0.1:1",
                        "--registry",
                        "http://127.0.0.1:1",
                        "--set",
                        "kafka.default.api.timeout.ms=1000",
                        "--set",
                        "kafka.request.timeout.ms=500"))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("kordon incidents list: ").doesNotContain("\tat ");
    }

    private int run(String... arguments) {
        CommandLine line = Kordon.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    @Test
    void checksRulesWithTheirPlaceholders(@TempDir Path folder) throws IOException {
        Path rule = Files.writeString(folder.resolve("rule.yml"), """
            title: By a server of ours
            logsource: {product: falco}
            detection: {selection: {hostname|expand: '%Servers%'}, condition: selection}
            """);
        assertThat(run("rules", "check", rule.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("rule.yml:3:").contains("Servers");

        Path values = Files.writeString(folder.resolve("values.yml"), "Servers: [web-1, web-2]\n");
        assertThat(run("rules", "check", "--placeholders", values.toString(), rule.toString()))
                .isZero();
        assertThat(run(
                        "rules",
                        "check",
                        "--placeholders",
                        folder.resolve("none.yml").toString(),
                        rule.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("none.yml cannot be read").doesNotContain("Exception: ");
    }
}
