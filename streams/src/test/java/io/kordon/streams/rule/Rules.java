package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;

/** Reads rules for tests. */
final class Rules {
    private Rules() {}

    /** A rule of one search {@code s}, written as YAML flow or block. */
    static Matcher search(String search) {
        return detection("s: " + search, "s");
    }

    /** A rule of that detection section; {@code searches} are lines of it. */
    static Matcher detection(String searches, String condition) {
        return one(rule(searches, condition)).matcher();
    }

    static String rule(String searches, String condition) {
        String indented = searches.lines().map(line -> "  " + line).collect(Collectors.joining("\n"));
        return "title: t\nlogsource: {product: falco}\ndetection:\n" + indented + "\n  condition: " + condition + "\n";
    }

    static DetectionRule one(String yaml) {
        ParsedRules parsed = parse(yaml);
        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.rules()).hasSize(1);
        return (DetectionRule) parsed.rules().get(0);
    }

    static ParsedRules parse(String yaml) {
        return new RuleParser().parse("test.yml", yaml);
    }

    /** The problems, as {@code line:column: message}. */
    static String problems(String yaml) {
        return parse(yaml).problems().stream()
                .map(problem -> problem.toString().replaceFirst("^test.yml:", ""))
                .collect(Collectors.joining("\n"));
    }
}
