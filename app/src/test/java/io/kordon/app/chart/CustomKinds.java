package io.kordon.app.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Kinds that the model's classes do not have, by the part of their definitions that the chart uses: prometheus-operator's
 * monitoring.coreos.com/v1 and KEDA's keda.sh/v1alpha1. A leaf names its type; {@code [X]} is a list, {@code *} any key.
 */
final class CustomKinds {
    private static final String DEFINITIONS = """
            monitoring.coreos.com/v1 PodMonitor:
              selector:
                matchLabels: {'*': text}
                matchExpressions: [{key: text, operator: text, values: [text]}]
              podTargetLabels: [text]
              podMetricsEndpoints: [{port: text, path: text, interval: text}]
            monitoring.coreos.com/v1 PrometheusRule:
              groups:
                - name: text
                  interval: text
                  limit: number
                  labels: {'*': text}
                  rules:
                    - {alert: text, record: text, expr: text, for: text, keep_firing_for: text, labels: {'*': text}, annotations: {'*': text}}
            keda.sh/v1alpha1 ScaledObject:
              scaleTargetRef: {apiVersion: text, kind: text, name: text}
              minReplicaCount: number
              maxReplicaCount: number
              pollingInterval: number
              cooldownPeriod: number
              advanced: {horizontalPodAutoscalerConfig: {behavior: {scaleDown: {stabilizationWindowSeconds: number}}}}
              triggers:
                - {type: text, metadata: {'*': text}, authenticationRef: {name: text, kind: text}}
            """;

    private static final Map<?, ?> KINDS =
            (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(DEFINITIONS);

    private CustomKinds() {}

    static boolean knows(String version, String kind) {
        return KINDS.containsKey(version + " " + kind);
    }

    static List<String> problems(Map<String, Object> document) {
        List<String> problems = new ArrayList<>();
        for (Object key : document.keySet()) {
            if (!List.of("apiVersion", "kind", "metadata", "spec").contains(key)) {
                problems.add(document.get("kind") + " has no field " + key);
            }
        }
        hold(
                document.get("spec"),
                KINDS.get(document.get("apiVersion") + " " + document.get("kind")),
                document.get("kind") + ".spec",
                problems);
        return problems;
    }

    private static void hold(Object value, Object type, String at, List<String> problems) {
        if (type instanceof Map<?, ?> fields && value instanceof Map<?, ?> map) {
            map.forEach((key, item) -> {
                Object field = fields.containsKey(key) ? fields.get(key) : fields.get("*");
                if (field == null) {
                    problems.add(at + " has no field " + key);
                } else {
                    hold(item, field, at + "." + key, problems);
                }
            });
        } else if (type instanceof List<?> items && value instanceof List<?> list) {
            list.forEach(item -> hold(item, items.get(0), at + "[]", problems));
        } else if (!(type.equals("text") && value instanceof String)
                && !(type.equals("number") && value instanceof Integer)) {
            problems.add(at + " is " + value + ", and should be " + type);
        }
    }
}
