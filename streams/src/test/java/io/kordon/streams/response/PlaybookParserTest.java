package io.kordon.streams.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.OnFailure;
import io.kordon.streams.rule.Level;
import io.kordon.streams.rule.RuleProblem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaybookParserTest {
    private final PlaybookParser parser = new PlaybookParser();

    @Test
    void readsAPlaybookWithEverythingThatItCanSay() {
        PlaybookParser.Parsed parsed = parser.parse("p.yml", """
                name: contain
                description: All of it
                when:
                  score: 85.5
                  level: critical
                  rules: [falco_rce]
                  tags: [attack.t1190]
                  namespaces: [tomcat]
                  except-namespaces: [kube-system]
                  labels: app=tomcat,tier in (web, api),!debug
                  workloads: [Deployment, StatefulSet/db-*]
                  service-accounts: [default]
                  images: ['registry.example/*']
                  nodes: [worker-?]
                  privileged: true
                  host-network: false
                  host-pid: false
                  host-ipc: false
                mode: automatic
                steps:
                  - label: {labels: {status: affected, by: kordon}}
                  - isolate: {allow: [dns, to=10.0.0.7]}
                  - capture: {timeout: 5m, containers: [web], on-failure: stop}
                  - cordon: {on-failure: continue}
                  - terminate: {gracePeriodSeconds: 30}
                release-after: 4h
                """);

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.playbooks())
                .containsExactly(new Playbook(
                        "contain",
                        "All of it",
                        new Condition(
                                85.5,
                                Level.CRITICAL,
                                Set.of("falco_rce"),
                                Set.of("attack.t1190"),
                                Set.of("tomcat"),
                                Set.of("kube-system"),
                                new PodCondition(
                                        LabelSelector.parse("app=tomcat,tier in (api,web),!debug"),
                                        Set.of("Deployment", "StatefulSet/db-*"),
                                        Set.of("default"),
                                        Set.of("registry.example/*"),
                                        Set.of("worker-?"),
                                        true,
                                        false,
                                        false,
                                        false)),
                        Mode.AUTOMATIC,
                        List.of(
                                new Step("label", Map.of("labels", "status=affected,by=kordon")),
                                new Step("isolate", Map.of("allow", "dns,to=10.0.0.7")),
                                new Step("capture", Map.of("containers", "web"), Duration.ofMinutes(5), OnFailure.STOP),
                                new Step("cordon", Map.of(), Duration.ZERO, OnFailure.CONTINUE),
                                new Step("terminate", Map.of("gracePeriodSeconds", "30"))),
                        Duration.ofHours(4)));
    }

    @Test
    void readsTheApprovalOfAnAnalystAsAMode() {
        assertThat(parser.parse("p.yml", "name: p\nmode: approval\nsteps: [label]\n")
                        .playbooks()
                        .get(0)
                        .mode())
                .isEqualTo(Mode.APPROVAL);
    }

    @Test
    void acceptsTheShippedPlaybooks() throws Exception {
        for (String file : List.of("contain-pod.yml", "kill-pod.yml")) {
            PlaybookParser.Parsed parsed = parser.parse(file, Files.readString(Path.of("../rules/playbooks", file)));
            assertThat(parsed.problems()).isEmpty();
            assertThat(parsed.playbooks()).hasSize(1);
        }
    }

    @Test
    void acceptsWhatTheDocumentationShows() throws Exception {
        List<String> blocks = Files.readString(Path.of("../docs/playbooks.md"))
                .lines()
                .filter(line -> line.startsWith("    "))
                .map(line -> line.substring(4))
                .toList();
        String yaml = String.join("\n", blocks).replace("\nname:", "\n---\nname:");
        PlaybookParser.Parsed parsed = parser.parse("docs/playbooks.md", yaml);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.playbooks())
                .extracting(Playbook::name)
                .containsExactly("contain-pod", "rehearse", "stop-miner", "shared-node");
    }

    @ParameterizedTest
    @CsvSource({"evidence-capture.md, capture", "steps.md, isolate"})
    void acceptsTheStepsThatTheDocumentationShows(String document, String action) throws Exception {
        String text = Files.readString(Path.of("../docs", document));
        String steps = text.substring(text.indexOf("    steps:\n"))
                .lines()
                .takeWhile(line -> line.startsWith("    "))
                .map(line -> line.substring(4))
                .collect(Collectors.joining("\n"));
        PlaybookParser.Parsed parsed = parser.parse(document, "name: shown\n" + steps + "\n");
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.playbooks().get(0).steps()).extracting(Step::action).containsExactly(action);
    }

    @Test
    void onlySaysWhatItWouldDoUnlessToldOtherwise() {
        assertThat(parser.parse("p.yml", "name: p\nsteps: [label]\n")
                        .playbooks()
                        .get(0)
                        .mode())
                .isEqualTo(Mode.DRY_RUN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: p\\nsteps: [explode]                        | 2 | unknown step 'explode'
            name: p                                           | 1 | 'steps' is missing
            steps: [label]                                    | 1 | 'name' is missing
            name: p\\nsteps: []                               | 1 | has no steps
            name: p\\nmode: often\\nsteps: [label]            | 2 | mode 'often' is unknown
            name: p\\nwhen: {level: awful}\\nsteps: [label]   | 2 | level 'awful' is unknown
            name: p\\nwhen: {score: high}\\nsteps: [label]    | 2 | score is a number
            name: p\\nwhen: {score: 120}\\nsteps: [label]     | 2 | not in [0, 100]
            name: p\\nwhen: {colour: red}\\nsteps: [label]    | 2 | 'colour' is unknown here
            name: p\\nname: q\\nsteps: [label]                | 2 | is given twice
            name: p\\nsteps: [label                           | 3 | not YAML
            name: release\\nsteps: [label]                   | 1 | name 'release' is taken
            name: a b\\nsteps: [label]                       | 1 | up to 63 letters
            name: p\\nsteps:\\n- label\\n- release            | 4 | 'release' is no step of a playbook
            name: p\\nsteps:\\n- label: {lables: a=b}        | 3 | 'label' has no parameter 'lables': use [labels, on-failure, timeout]
            name: p\\nsteps:\\n- detach: {labels: a=b}       | 3 | 'detach' has no parameter 'labels'
            name: p\\nsteps:\\n- label\\n- cordon:            | 4 | is told
            name: p\\nsteps:\\n- label: {timeout: soon}      | 3 | timeout is a time with its unit
            name: p\\nsteps:\\n- label: {timeout: 2h}        | 3 | from 1s to 1h
            name: p\\nsteps:\\n- label: {on-failure: ask}    | 3 | on-failure 'ask' is unknown
            name: p\\nsteps:\\n- {label: {}, detach: {}}     | 3 | one action, not 2
            name: p\\nsteps:\\n- label\\n- terminate         | 4 | 'terminate' needs a 'capture' before it
            name: p\\nsteps:\\n- scale\\n- capture           | 3 | 'scale' needs a 'capture' before it
            name: p\\nsteps:\\n- capture\\n- terminate\\n- cordon | 5 | 'terminate' comes last
            name: p\\nsteps:\\n- capture: {on-failure: continue}\\n- terminate | 4 | must not say on-failure: continue
            name: p\\nrelease-after: 10s\\nsteps: [label]     | 2 | release-after is a time
            name: p\\nrelease-after: 90d\\nsteps: [label]     | 2 | from 1m to 30d
            name: p\\nwhen:\\n  labels: a==b==c\\nsteps: [label] | 3 | cannot be the value of a label
            name: p\\nwhen:\\n  labels: a in b\\nsteps: [label] | 3 | is no part of a selector
            name: p\\nwhen:\\n  workloads: [web]\\nsteps: [label] | 3 | neither Kind nor Kind/name
            name: p\\nwhen:\\n  privileged: perhaps\\nsteps: [label] | 3 | privileged is true or false
            name: p\\nwhen:\\n  rules: []\\nsteps: [label]    | 3 | rules is empty
            name: p\\nwhen: {namespace-labels: a=b}\\nsteps: [label] | 2 | 'namespace-labels' is unknown here
            just text                                         | 1 | a playbook is a mapping
            """)
    void namesFileLineAndReasonOfWhatCannotBeUsed(String yaml, int line, String reason) {
        PlaybookParser.Parsed parsed = parser.parse("p.yml", yaml.replace("\\n", "\n") + "\n");
        assertThat(parsed.playbooks()).isEmpty();
        assertThat(parsed.problems()).hasSize(1);
        RuleProblem problem = parsed.problems().get(0);
        assertThat(problem.origin()).isEqualTo("p.yml");
        assertThat(problem.line()).isEqualTo(line);
        assertThat(problem.message()).contains(reason);
    }

    @Test
    void keepsTheOthersWhenOneCannotBeUsed() {
        PlaybookParser.Parsed parsed =
                parser.parse("p.yml", "name: p\nsteps: [explode]\n---\nname: q\nsteps: [label]\n");
        assertThat(parsed.playbooks()).extracting(Playbook::name).containsExactly("q");
        assertThat(parsed.problems()).hasSize(1);
    }
}
