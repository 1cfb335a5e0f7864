package io.kordon.app.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Alerts look at metrics that there are; what to do about each is written down, and each was seen firing and silent. */
class AlertsTest {
    private static final Path ALERTS = Path.of("../helm/kordon/files/alerts.yaml");
    private static final Path EXAMPLES = Path.of("../helm/alerts/alerts-test.yaml");
    private static final Path RUNBOOKS = Path.of("../docs/operations.md");

    /** A metric with its selector, where it has one. */
    private static final Pattern SELECTED = Pattern.compile("([a-z]+_[a-z_]+)(?:\\{([^}]*)})?");

    private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPED = Pattern.compile("\\b(?:by|on|group_left)\\s*\\(([^)]*)\\)");
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");
    private static final Set<String> WORDS = Set.of("group_left", "max_over_time");

    private record Alert(String name, String expression, String severity, Map<?, ?> annotations) {}

    @Test
    void looksAtDocumentedMetricsByTheirLabelsOnly() throws IOException {
        MetricsTable table = MetricsTable.read();
        for (Alert alert : alerts()) {
            Set<String> labels = new HashSet<>(OF_PROMETHEUS);
            Matcher metric =
                    SELECTED.matcher(GROUPED.matcher(alert.expression()).replaceAll("by ()"));
            int metrics = 0;
            while (metric.find()) {
                if (WORDS.contains(metric.group(1))) {
                    continue;
                }
                metrics++;
                MetricsTable.Row row = table.of(metric.group(1));
                assertThat(row)
                        .as("%s looks at %s", alert.name(), metric.group(1))
                        .isNotNull();
                labels.addAll(row.labels());
                assertThat(row.alerts())
                        .as("alerts that docs/metrics.md names beside %s", row.name())
                        .contains(alert.name());
                if (metric.group(2) != null) {
                    assertThat(names(LABEL, metric.group(2)))
                            .as("%s selects %s by", alert.name(), row.name())
                            .isSubsetOf(row.labels());
                }
            }
            assertThat(metrics).as(alert.expression()).isPositive();
            Matcher grouped = GROUPED.matcher(alert.expression());
            while (grouped.find()) {
                assertThat(labels)
                        .as("labels of what %s looks at", alert.name())
                        .contains(grouped.group(1).split(",\\s*"));
            }
        }
    }

    @Test
    void noRowNamesAnAlertThatDoesNotLookAtIt() throws IOException {
        List<Alert> alerts = alerts();
        for (MetricsTable.Row row : MetricsTable.read().rows().values()) {
            for (String named : row.alerts()) {
                assertThat(alerts)
                        .as("%s beside %s in docs/metrics.md", named, row.name())
                        .anyMatch(alert ->
                                alert.name().equals(named) && alert.expression().contains(row.name()));
            }
        }
    }

    @Test
    void saysWhatItIsAndWhatToDo() throws IOException {
        String runbooks = Files.readString(RUNBOOKS);
        Set<String> names = new HashSet<>();
        for (Alert alert : alerts()) {
            assertThat(names.add(alert.name()))
                    .as("%s is there once", alert.name())
                    .isTrue();
            assertThat(alert.severity()).isIn("warning", "critical");
            assertThat(alert.annotations().get("summary")).isNotNull();
            assertThat(alert.annotations().get("description")).isNotNull();
            assertThat(alert.annotations().get("runbook"))
                    .isEqualTo("docs/operations.md#" + alert.name().toLowerCase(Locale.ROOT));
            assertThat(runbooks).contains("\n### " + alert.name() + "\n");
        }
        assertThat(runbooks.lines()
                        .filter(line -> line.startsWith("### Kordon"))
                        .map(line -> line.substring(4)))
                .as("runbooks of alerts that there are")
                .allMatch(names::contains);
    }

    /** helm/alerts/check.sh has Prometheus' own promtool evaluate them. */
    @Test
    void hasAnExampleFiringAndOneSilent() throws IOException {
        String examples = Files.readString(EXAMPLES);
        for (Alert alert : alerts()) {
            String looked = "alertname=\"" + alert.name() + "\", alertstate=\"firing\"}) or vector(0)', eval_time: ";
            assertThat(examples)
                    .containsPattern(Pattern.quote(looked) + "\\d+m, exp_samples: \\[\\{labels: '\\{}', value: 1}")
                    .containsPattern(Pattern.quote(looked) + "\\d+m, exp_samples: \\[\\{labels: '\\{}', value: 0}");
        }
    }

    private static List<Alert> alerts() throws IOException {
        Map<?, ?> file = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(ALERTS));
        List<Alert> alerts = new ArrayList<>();
        for (Object group : (List<?>) file.get("groups")) {
            for (Object each : (List<?>) ((Map<?, ?>) group).get("rules")) {
                Map<?, ?> rule = (Map<?, ?>) each;
                alerts.add(new Alert(
                        rule.get("alert").toString(),
                        rule.get("expr").toString(),
                        ((Map<?, ?>) rule.get("labels")).get("severity").toString(),
                        (Map<?, ?>) rule.get("annotations")));
            }
        }
        assertThat(alerts).hasSizeGreaterThan(40);
        return alerts;
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        pattern.matcher(text).results().forEach(found -> names.add(found.group(1)));
        return names;
    }
}
