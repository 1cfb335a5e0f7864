package io.kordon.app.process;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.config.SettingsException;
import io.kordon.app.evidence.ConfiguredBundles;
import io.kordon.app.lifecycle.Closers;
import io.kordon.kubernetes.Actuator;
import io.kordon.kubernetes.ActuatorConfig;
import io.kordon.kubernetes.ContainmentSteps;
import io.kordon.kubernetes.ProtectionConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** Runs the actuator. */
@Command(
        name = "actuator",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run the actuator: carries out containment commands through the Kubernetes API and reports the results.",
            "kordon.actuator.dry-run=true only says what would be done. Pods of protected namespaces are never"
                    + " touched.",
            "Needs kafka.bootstrap.servers, kordon.registry.url, kordon.cluster and access to that cluster."
        })
public final class ActuatorCommand extends ProcessCommand {
    @Override
    Running start(Settings settings, PrometheusMeterRegistry metrics) {
        settings.require(KordonSettings.REGISTRY_URL);
        Closers closers = new Closers();
        KubernetesClient client = closers.add(Kubernetes.client(settings.get(KordonSettings.KUBECONFIG)));
        ConfiguredBundles evidence = evidence(settings, metrics);
        if (evidence != null) {
            closers.add(evidence);
            ProcessMeters.disk(metrics, "evidence-spool", Path.of(settings.get(KordonSettings.EVIDENCE_SPOOL_DIR)));
        }
        ActuatorConfig config = config(settings);
        Actuator actuator = closers.add(Actuator.start(
                config,
                ContainmentSteps.with(
                                evidence == null ? null : evidence.bundles(),
                                settings.get(KordonSettings.EVIDENCE_POD_CHECKPOINTS),
                                config.protection())
                        .only(settings.get(KordonSettings.ACTUATOR_STEPS)),
                SettingsOptions.topics(settings),
                SettingsOptions.kafka(settings),
                SettingsOptions.serdes(settings),
                client,
                metrics));
        return new Running(
                closers,
                () -> true,
                () -> Objects.requireNonNullElse(actuator.problem(), ""),
                "It acts on " + client.getMasterUrl()
                        + (evidence == null
                                ? " and keeps no evidence: kordon.evidence.store is not set, so that capture fails and"
                                        + " nothing is killed"
                                : " and keeps evidence in " + evidence.location()));
    }

    private static @Nullable ConfiguredBundles evidence(Settings settings, PrometheusMeterRegistry metrics) {
        try {
            return ConfiguredBundles.open(settings, "capture", metrics).orElse(null);
        } catch (IOException e) {
            throw new SettingsException(List.of("kordon.evidence.store cannot be opened: " + e.getMessage()));
        } catch (IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new SettingsException(List.of("kordon.evidence: " + cause.getMessage()));
        }
    }

    private static ActuatorConfig config(Settings settings) {
        ProtectionConfig protection = new ProtectionConfig(
                Set.copyOf(settings.get(KordonSettings.PROTECTED_NAMESPACES)),
                OwnNamespace.of(
                        settings.get(KordonSettings.OWN_NAMESPACE), System.getenv(), OwnNamespace.SERVICE_ACCOUNT),
                settings.get(KordonSettings.PROTECTED_LABEL),
                settings.get(KordonSettings.MIN_HEALTHY));
        return new ActuatorConfig(
                settings.get(KordonSettings.CLUSTER),
                protection,
                settings.get(KordonSettings.DRY_RUN),
                settings.get(KordonSettings.STEP_TIMEOUT));
    }
}
