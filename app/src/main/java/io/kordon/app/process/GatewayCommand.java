package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.config.SettingsException;
import io.kordon.gateway.Gateway;
import io.kordon.gateway.GatewayConfig;
import io.kordon.gateway.GatewaySecurity;
import io.kordon.gateway.TlsFiles;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Runs the gateway. */
@Command(
        name = "gateway",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run the gateway: takes webhooks over HTTP and writes their events to Kafka.",
            "POST /v1/falco, /v1/alertmanager, /v1/audit; GET /livez, /readyz. A sender gets 2xx only after Kafka has"
                    + " acknowledged every event of its request.",
            "Who may post, and TLS: kordon.gateway.credentials and kordon.gateway.tls.*.",
            "Needs kafka.bootstrap.servers and kordon.registry.url."
        })
public final class GatewayCommand extends ProcessCommand {
    @Override
    Running start(Settings settings, PrometheusMeterRegistry metrics) {
        settings.require(KordonSettings.REGISTRY_URL);
        Gateway gateway = Gateway.start(
                config(settings),
                security(settings),
                SettingsOptions.topics(settings),
                SettingsOptions.kafka(settings),
                SettingsOptions.serdes(settings),
                metrics);
        return new Running(
                gateway, () -> true, gateway::problem, "It listens on port " + gateway.port(), gateway::leaving);
    }

    private static GatewaySecurity security(Settings settings) {
        String credentials = settings.get(KordonSettings.GATEWAY_CREDENTIALS);
        return GatewaySecurity.of(tls(settings), credentials.isEmpty() ? null : Path.of(credentials));
    }

    private static @Nullable TlsFiles tls(Settings settings) {
        String certificate = settings.get(KordonSettings.GATEWAY_TLS_CERTIFICATE);
        String key = settings.get(KordonSettings.GATEWAY_TLS_KEY);
        String clientCa = settings.get(KordonSettings.GATEWAY_TLS_CLIENT_CA);
        String asked = settings.get(KordonSettings.GATEWAY_TLS_CLIENT_AUTH);
        String auth = !asked.isEmpty() ? asked : clientCa.isEmpty() ? "none" : "request";
        List<String> problems = new ArrayList<>();
        if (certificate.isEmpty() != key.isEmpty()) {
            problems.add("kordon.gateway.tls.certificate and kordon.gateway.tls.key are set only together");
        }
        if (certificate.isEmpty() && key.isEmpty() && !(clientCa.isEmpty() && auth.equals("none"))) {
            problems.add("kordon.gateway.tls.client-ca and .client-auth need kordon.gateway.tls.certificate and .key");
        }
        if (clientCa.isEmpty() && !auth.equals("none")) {
            problems.add("kordon.gateway.tls.client-auth is '" + auth + "': that needs kordon.gateway.tls.client-ca");
        }
        if (!clientCa.isEmpty() && auth.equals("none")) {
            problems.add("kordon.gateway.tls.client-ca is set, yet kordon.gateway.tls.client-auth is 'none'");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return certificate.isEmpty()
                ? null
                : new TlsFiles(
                        Path.of(certificate),
                        Path.of(key),
                        clientCa.isEmpty() ? null : Path.of(clientCa),
                        TlsFiles.ClientCertificates.valueOf(auth.toUpperCase(Locale.ROOT)));
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
