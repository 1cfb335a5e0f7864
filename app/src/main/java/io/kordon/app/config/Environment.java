package io.kordon.app.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Environment variables as settings: {@code KORDON_GATEWAY_PORT} is {@code kordon.gateway.port}. */
final class Environment {
    private static final String PREFIX = "KORDON_";

    /** Sections whose keys are not ours to know: {@code KORDON_KAFKA_BOOTSTRAP_SERVERS}. */
    private static final Map<String, String> PASS_THROUGH =
            Map.of("KORDON_KAFKA_", "kafka.", "KORDON_REGISTRY_", "registry.");

    /** The launcher script's own, the logging configuration's, and the one that says where secrets are. */
    private static final Set<String> OTHERS = Set.of(
            "KORDON_MAVEN_ARGS", "KORDON_JAVA_ARGS", "KORDON_LOG_LEVEL", "KORDON_LOG_FORMAT", SecretFolders.VARIABLE);

    /** What Kubernetes puts into every pod for a Service of a name that begins with kordon. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "KORDON_[A-Z0-9_]*(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_[0-9]+_(TCP|UDP)(_[A-Z]+)?)");

    private Environment() {}

    static Map<String, String> settings(Map<String, String> environment, List<String> problems) {
        Map<String, String> known =
                KordonSettings.ALL.stream().collect(Collectors.toMap(Setting::variable, Setting::key));
        Map<String, String> settings = new HashMap<>();
        new TreeMap<>(environment).forEach((variable, value) -> {
            String key = known.get(variable);
            if (!variable.startsWith(PREFIX) || OTHERS.contains(variable) || isServiceLink(variable, value)) {
                return;
            }
            if (key != null) {
                settings.put(key, value);
            } else if (!passThrough(variable, value, settings)) {
                problems.add(variable + " (from the environment) is not a setting"
                        + DidYouMean.suffix(variable, known.keySet()));
            }
        });
        return settings;
    }

    /** {@code KORDON_GATEWAY_PORT=tcp://10.0.0.1:8080} is not our port but the link to a Service kordon-gateway. */
    private static boolean isServiceLink(String variable, String value) {
        return SERVICE_LINK.matcher(variable).matches()
                || (variable.endsWith("_PORT") && value.matches("(tcp|udp|sctp)://.*"));
    }

    private static boolean passThrough(String variable, String value, Map<String, String> settings) {
        for (Map.Entry<String, String> section : PASS_THROUGH.entrySet()) {
            if (variable.startsWith(section.getKey())) {
                String rest = variable.substring(section.getKey().length());
                settings.put(section.getValue() + rest.toLowerCase(Locale.ROOT).replace('_', '.'), value);
                return true;
            }
        }
        return false;
    }
}
