package io.kordon.streams.senders;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The alert rules for Prometheus and the Sigma rules that count on them belong together. That the former are right is
 * promtool's to say ({@code senders/prometheus/check}); what it is told to expect is read here.
 */
class AlertRulesTest {
    private static final Path TESTS = SenderFiles.FOLDER.resolve("prometheus/tests");

    private static final List<Map<?, ?>> ALERTS = Stream.of("rules", "rules-kubernetes")
            .flatMap(file ->
                    SenderFiles.maps(
                            SenderFiles.document("prometheus/" + file + ".yaml").get("groups"))
                            .stream())
            .flatMap(group -> SenderFiles.maps(group.get("rules")).stream())
            .filter(rule -> rule.containsKey("alert"))
            .toList();

    @Test
    void areThoseThatTheSigmaRulesName() {
        assertThat(names(ALERTS)).isEqualTo(named());
    }

    @Test
    void carryTheirSampleWhereANotificationHasIt() {
        assertThat(ALERTS).allSatisfy(alert -> {
            assertThat(SenderFiles.at(alert, "annotations", "value")).isEqualTo("{{ $value }}");
            assertThat(SenderFiles.at(alert, "annotations", "summary"))
                    .asString()
                    .contains("{{ $labels.namespace }}/{{ $labels.pod }}");
            assertThat(SenderFiles.at(alert, "labels", "audience")).isEqualTo("kordon");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules", "rules-kubernetes"})
    void areTheSameForTheOperator(String file) {
        Map<?, ?> object = SenderFiles.document("prometheus/" + file + "-operator.yaml");
        assertThat(object.get("kind")).isEqualTo("PrometheusRule");
        assertThat(object.get("apiVersion")).isEqualTo("monitoring.coreos.com/v1");
        assertThat(SenderFiles.at(object, "spec", "groups"))
                .isEqualTo(SenderFiles.document("prometheus/" + file + ".yaml").get("groups"));
    }

    @Test
    void areEachTestedFiringAndNotFiring() {
        Set<String> firing = new TreeSet<>();
        Set<String> silent = new TreeSet<>();
        for (Path file : SenderFiles.all(each -> each.startsWith(TESTS))) {
            for (Map<?, ?> test :
                    SenderFiles.maps(((Map<?, ?>) SenderFiles.documents(file).get(0)).get("tests"))) {
                for (Map<?, ?> expected : SenderFiles.maps(test.get("alert_rule_test"))) {
                    String name = (String) expected.get("alertname");
                    (SenderFiles.maps(expected.get("exp_alerts")).isEmpty() ? silent : firing).add(name);
                }
            }
        }
        assertThat(firing).isEqualTo(names(ALERTS));
        assertThat(silent).isEqualTo(names(ALERTS));
    }

    private static Set<String> names(List<Map<?, ?>> alerts) {
        return alerts.stream().map(alert -> (String) alert.get("alert")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Alerts that the shipped rules look for by name. */
    private static Set<String> named() {
        RuleSet rules = RuleFiles.load(List.of(Path.of("../rules")));
        assertThat(rules.problems()).isEmpty();
        List<String> names = new ArrayList<>();
        for (Path file : files()) {
            SenderFiles.documents(file).forEach(rule -> collect(rule, names));
        }
        assertThat(names).isNotEmpty();
        return new TreeSet<>(names);
    }

    private static List<Path> files() {
        return Stream.of(Objects.requireNonNull(
                        Path.of("../rules").toFile().listFiles((folder, name) -> name.endsWith(".yml"))))
                .map(File::toPath)
                .sorted()
                .toList();
    }

    private static void collect(Object node, List<String> names) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (key.equals("alertname")) {
                    (value instanceof List<?> list ? list : List.of(value)).forEach(each -> names.add((String) each));
                } else {
                    collect(value, names);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(each -> collect(each, names));
        }
    }
}
