package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.gateway.Gateway;
import io.kordon.gateway.GatewayConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import picocli.CommandLine.Command;

/** Runs the gateway. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run the gateway: takes webhooks over HTTP and writes their events to Kafka.",
            "POST /v1/falco, /v1/alertmanager, /v1/audit; GET /livez, /readyz, /metrics. A sender gets 2xx only after"
                    + " Kafka has acknowledged every event of its request.",
            "Needs kafka.bootstrap.servers and kordon.registry.url."
        })
public final class GatewayCommand extends ProcessCommand {
    @Override
    Running start(Settings settings, PrometheusMeterRegistry metrics) {
        settings.require(KordonSettings.REGISTRY_URL);
        Gateway gateway = Gateway.start(
                config(settings),
                SettingsOptions.topics(settings),
                SettingsOptions.kafka(settings),
                SettingsOptions.serdes(settings),
                metrics);
        return new Running(gateway, () -> true, () -> "", "It listens on port " + gateway.port(), gateway::leaving);
    }

    @Override
    boolean servesMetrics() {
        return true;
    }

    private static GatewayConfig config(Settings settings) {
        GatewayConfig plain = GatewayConfig.defaults();
        return new GatewayConfig(
                settings.get(KordonSettings.GATEWAY_HOST),
                settings.get(KordonSettings.GATEWAY_PORT),
                settings.get(KordonSettings.CLUSTER),
                settings.get(KordonSettings.GATEWAY_MAX_BODY),
                plain.maxRecordBytes(),
                Math.max(plain.maxBufferedBytes(), settings.get(KordonSettings.GATEWAY_MAX_BODY)),
                settings.get(KordonSettings.GATEWAY_ACKNOWLEDGE_TIMEOUT),
                plain.bodyTimeout(),
                plain.idleTimeout(),
                plain.maxConnections(),
                plain.workers(),
                plain.maxQueued(),
                plain.retryAfter());
    }
}
