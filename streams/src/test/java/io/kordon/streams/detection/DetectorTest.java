package io.kordon.streams.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.rule.DetectionRule;
import io.kordon.streams.rule.LogSource;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DetectorTest {
    private record Sample(LogSource logSource, String value) implements Event {
        @Override
        public Object field(String name) {
            return name.equals("f") ? value : null;
        }

        @Override
        public boolean has(String name) {
            return name.equals("f");
        }
    }

    @Property(tries = 200)
    void findsWhatTryingEveryRuleFinds(@ForAll long seed) {
        Random random = new Random(seed);
        RuleSet rules = rules(IntStream.range(0, 40)
                .mapToObj(i -> rule(i, source(random), String.valueOf((char) ('a' + random.nextInt(3)))))
                .toList());
        Detector detector = new Detector(rules);
        for (int i = 0; i < 30; i++) {
            Sample event = new Sample(source(random), String.valueOf((char) ('a' + random.nextInt(4))));
            List<DetectionRule> expected = new ArrayList<>();
            for (DetectionRule rule : rules.detections()) {
                boolean meant = applies(
                                rule.logSource().product(), event.logSource().product())
                        && applies(
                                rule.logSource().category(), event.logSource().category())
                        && applies(rule.logSource().service(), event.logSource().service());
                if (meant && rule.matcher().matches(event)) {
                    expected.add(rule);
                }
            }
            assertThat(detector.detect(event)).isEqualTo(expected);
        }
    }

    @Test
    void ignoresTheCaseOfLogSources() {
        RuleSet rules = rules(List.of(rule(1, new LogSource("Falco", null, null), "a")));
        assertThat(new Detector(rules).detect(new Sample(new LogSource("falco", null, "Syscall"), "a")))
                .hasSize(1);
    }

    @Test
    void staysRightWhenASenderInventsManyLogSources() {
        Detector detector = new Detector(rules(List.of(rule(1, new LogSource("falco", null, "s999"), "a"))));
        for (int i = 0; i < 1000; i++) {
            Sample event = new Sample(new LogSource("falco", null, "s" + i), "a");
            assertThat(detector.detect(event)).hasSize(i == 999 ? 1 : 0);
        }
    }

    private static boolean applies(String ofRule, String ofEvent) {
        return ofRule == null || Objects.equals(ofRule, ofEvent);
    }

    private static LogSource source(Random random) {
        String product = List.of("falco", "prometheus").get(random.nextInt(2));
        return new LogSource(
                product, random.nextBoolean() ? null : "application", random.nextBoolean() ? null : "audit");
    }

    private static String rule(int id, LogSource source, String value) {
        String category = source.category() == null ? "" : ", category: " + source.category();
        String service = source.service() == null ? "" : ", service: " + source.service();
        return "title: t\nid: r" + id + "\nlogsource: {product: " + source.product() + category + service
                + "}\ndetection: {s: {f: " + value + "}, condition: s}\n";
    }

    private static RuleSet rules(List<String> documents) {
        return RuleSet.of(
                new RuleParser().parse("test", String.join("---\n", documents)).rules());
    }
}
