package io.kordon.app.chart;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Setting;
import java.util.Set;
import java.util.stream.Collectors;

/** Settings that the chart sets and that processes do not know yet. */
final class Unmerged {
    static final Set<String> SETTINGS = Set.of(
            "kordon.gateway.tls.certificate",
            "kordon.gateway.tls.key",
            "kordon.gateway.tls.client-ca",
            "kordon.gateway.tls.client-auth",
            "kordon.gateway.credentials",
            "kordon.kibana.url",
            "kordon.kibana.space",
            "kordon.kibana.username",
            "kordon.kibana.password",
            "kordon.kibana.api-key",
            "kordon.kibana.ca-file");

    /** Names folders, which are not there where the tests run. */
    static final Set<String> VARIABLES = Set.of("KORDON_SECRETS");

    private Unmerged() {}

    static String without(String settings) {
        Set<String> known = KordonSettings.ALL.stream().map(Setting::key).collect(Collectors.toSet());
        return settings.lines()
                .filter(line -> {
                    String key = line.split(":", 2)[0];
                    return known.contains(key) || !SETTINGS.contains(key);
                })
                .collect(Collectors.joining("\n"));
    }
}
