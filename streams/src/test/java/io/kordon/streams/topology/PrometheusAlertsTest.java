package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.senders.SenderFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every alert that promtool says Prometheus makes of the shipped alert rules, label by label, sent as Alertmanager sends
 * it: it speaks of its pod, and the Sigma rule that counts on it sees it.
 */
class PrometheusAlertsTest {
    private static final RuleSet RULES = RuleFiles.load(List.of(Path.of("../rules")));
    private static final Path TESTS = SenderFiles.FOLDER.resolve("prometheus/tests");

    private static final Map<String, String> SEEN_BY = Map.of(
            "PodMemoryAbove2GiB", "pod_memory_above_2gib",
            "PodCPUSaturated", "pod_cpu_saturated",
            "CPUThrottlingHigh", "pod_cpu_saturated",
            "PodOOMKilled", "pod_crashes",
            "KubePodCrashLooping", "pod_crashes",
            "PodEgressHigh", "pod_egress_high");

    record Alert(String name, Map<?, ?> labels, Map<?, ?> annotations) {
        String json() throws JsonProcessingException {
            Map<Object, Object> all = new LinkedHashMap<>(labels);
            all.put("alertname", name);
            return new ObjectMapper()
                    .writeValueAsString(Map.of(
                            "status", "firing",
                            "labels", all,
                            "annotations", annotations,
                            "startsAt", "2026-11-24T12:00:00Z",
                            "endsAt", "0001-01-01T00:00:00Z",
                            "generatorURL", "http://prometheus:9090/graph",
                            "fingerprint", "b5aebf5e87d02b46"));
        }
    }

    static Stream<Alert> alerts() {
        return SenderFiles.all(file -> file.startsWith(TESTS)).stream()
                .flatMap(file ->
                        SenderFiles.maps(
                                ((Map<?, ?>) SenderFiles.documents(file).get(0)).get("tests"))
                                .stream())
                .flatMap(test -> SenderFiles.maps(test.get("alert_rule_test")).stream())
                .flatMap(expected -> SenderFiles.maps(expected.get("exp_alerts")).stream()
                        .map(alert -> new Alert(
                                (String) expected.get("alertname"), (Map<?, ?>) alert.get("exp_labels"), (Map<?, ?>)
                                        alert.get("exp_annotations"))));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void areSeenByTheRuleThatCountsOnThem(Alert alert) throws JsonProcessingException {
        try (TopologyHarness kordon = new TopologyHarness(Events.NOON)) {
            new RuleCase.Sent("alert", alert.json()).to(kordon, "prod");
            assertThat(kordon.signals()).singleElement().satisfies(signal -> {
                assertThat(Objects.requireNonNull(RULES.rule(signal.value().getRuleId()))
                                .name())
                        .isEqualTo(SEEN_BY.get(alert.name()));
                assertThat(signal.key())
                        .isEqualTo("prod/" + alert.labels().get("namespace") + "/"
                                + alert.labels().get("pod"));
            });
        }
    }
}
