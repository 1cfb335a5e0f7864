package io.kordon.app.process;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.lifecycle.Closers;
import io.kordon.kubernetes.Inventory;
import io.kordon.kubernetes.InventoryConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Objects;
import picocli.CommandLine.Command;

/** Runs the inventory. */
@Command(
        name = "inventory",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run the inventory: watches the pods of a cluster and keeps the topic of pods true to them.",
            "It tells events which pod they are about where they carry no uid.",
            "Needs kafka.bootstrap.servers, kordon.registry.url, kordon.cluster and access to that cluster."
        })
public final class InventoryCommand extends ProcessCommand {
    @Override
    Running start(Settings settings, PrometheusMeterRegistry metrics) {
        settings.require(KordonSettings.REGISTRY_URL);
        Closers closers = new Closers();
        KubernetesClient client = closers.add(Kubernetes.client(settings.get(KordonSettings.KUBECONFIG)));
        Inventory inventory = closers.add(Inventory.start(
                InventoryConfig.of(settings.get(KordonSettings.CLUSTER)),
                SettingsOptions.topics(settings),
                SettingsOptions.kafka(settings),
                SettingsOptions.serdes(settings),
                client,
                metrics));
        return new Running(
                closers,
                () -> true,
                () -> Objects.requireNonNullElse(inventory.problem(), ""),
                "It watches " + client.getMasterUrl());
    }
}
