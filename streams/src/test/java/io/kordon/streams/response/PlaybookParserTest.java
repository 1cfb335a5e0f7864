package io.kordon.streams.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.Mode;
import io.kordon.streams.rule.Level;
import io.kordon.streams.rule.RuleProblem;
import java.util.Map;
import java.util.Set;
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
                mode: automatic
                steps:
                  - label
                  - terminate: {gracePeriodSeconds: 30}
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
                                Set.of("kube-system")),
                        Mode.AUTOMATIC,
                        java.util.List.of(
                                new Step("label", Map.of()),
                                new Step("terminate", Map.of("gracePeriodSeconds", "30")))));
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
            name: p\\nmode: approval\\nsteps: [label]         | 2 | needs analysts' decisions
            name: p\\nmode: often\\nsteps: [label]            | 2 | mode 'often' is unknown
            name: p\\nwhen: {level: awful}\\nsteps: [label]   | 2 | level 'awful' is unknown
            name: p\\nwhen: {score: high}\\nsteps: [label]    | 2 | score is a number
            name: p\\nwhen: {score: 120}\\nsteps: [label]     | 1 | not in [0, 100]
            name: p\\nwhen: {colour: red}\\nsteps: [label]    | 2 | 'colour' is unknown here
            name: p\\nname: q\\nsteps: [label]                | 2 | is given twice
            name: p\\nsteps: [label                           | 3 | not YAML
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
