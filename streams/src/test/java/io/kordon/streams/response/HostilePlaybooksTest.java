package io.kordon.streams.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kordon.streams.rule.RuleProblem;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Playbooks that want to cost more than they may: they come through a topic as well as from disk. */
class HostilePlaybooksTest {
    private static final String GOOD = "\n---\nname: good\nsteps: [label]\n";

    @Test
    void refusesYamlThatUnfoldsOrNestsWithoutEnd() {
        String laughs = IntStream.range(1, 12)
                .mapToObj(i -> "a" + i + ": &a" + i + " ["
                        + (i == 1 ? "lol" : ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)) + "]")
                .collect(Collectors.joining("\n"));
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(refused(laughs)).contains("aliases");
            assertThat(refused("steps: " + "[".repeat(200_000))).contains("nested deeper than 32");
            assertThat(refused("name: x\nsteps: &s [*s]")).isNotEmpty();
            assertThat(refused("name: x\ndescription: " + "y".repeat(2_000_000)))
                    .contains("longer than");
        });
    }

    @Test
    void boundsEverythingThatItTakes() {
        assertThat(refused("name: " + "x".repeat(64) + "\nsteps: [label]")).contains("up to 63");
        assertThat(refused("name: x\ndescription: " + "y".repeat(1_025) + "\nsteps: [label]"))
                .contains("1025 characters, more than 1024");
        assertThat(refused("name: x\nsteps: [" + String.join(",", Collections.nCopies(21, "label")) + "]"))
                .contains("21 steps are more than 20");
        assertThat(refused("name: x\nwhen: {rules: [" + names(101) + "]}\nsteps: [label]"))
                .contains("more than 100 entries");
        assertThat(refused("name: x\nsteps:\n- isolate: {allow: [" + names(100) + "," + names(1) + "]}"))
                .contains("more than 100 entries");
        assertThat(refused("name: x\nwhen: {labels: '" + names(51) + "'}\nsteps: [label]"))
                .contains("51 parts, more than 50");
        String told = "capture: {debugImage: 'registry.example/" + "x".repeat(480) + "'}";
        assertThat(refused("name: x\nsteps: [" + String.join(",", Collections.nCopies(10, told)) + "]"))
                .contains("the parameters of playbook x have ", "more than 4096");
        assertThat(refused(
                        IntStream.range(0, 200).mapToObj(i -> "k" + i + ": v").collect(Collectors.joining("\n"))))
                .contains("more than 100 entries");
    }

    @Test
    void comparesHostilePatternsInBoundedTime() {
        String text = "a".repeat(4_096);
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(Glob.matches("*a*a*a*a*a*a*a*a*a*a*b", text)).isFalse();
            assertThat(refused("name: x\nwhen: {labels: '" + "a ".repeat(500) + "'}\nsteps: [label]"))
                    .contains("is no part of a selector");
        });
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "n" + i).collect(Collectors.joining(","));
    }

    /** The reason; the good playbook after the bad one stands. */
    private static String refused(String yaml) {
        PlaybookParser.Parsed parsed = new PlaybookParser().parse("p.yml", yaml + GOOD);
        assertThat(parsed.playbooks()).extracting(Playbook::name).isEqualTo(List.of("good"));
        return parsed.problems().stream().map(RuleProblem::message).collect(Collectors.joining("\n"));
    }
}
