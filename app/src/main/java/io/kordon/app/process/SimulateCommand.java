package io.kordon.app.process;

import io.kordon.app.config.Settings;
import io.kordon.app.lifecycle.Closers;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the simulated Kubernetes API. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run a simulated Kubernetes API, with controllers and the example's Tomcat deployment, for trying Kordon"
                    + " where there is no cluster.",
            "It asks nobody who he is, and forgets everything when it ends; the pods of the next start are new ones."
        })
public final class SimulateCommand extends ProcessCommand {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen on; 0.0.0.0 for all of this machine's. Default: ${DEFAULT-VALUE}")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8001",
            description = "Port to listen on; 0 for any. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Write a kubeconfig for this API to FILE, when it is ready.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--advertise",
            paramLabel = "URL",
            description = "Address of this API in the kubeconfig, as other machines see it. Default: as this one does.")
    private @Nullable URI advertise;

    @Override
    Running start(Settings settings, PrometheusMeterRegistry metrics) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("--port is " + port + ": it must be from 0 to 65535");
        }
        SimulatedKubeconfig given = advertise == null ? null : new SimulatedKubeconfig(advertise);
        Closers closers = new Closers();
        try {
            SimulatedCluster cluster = closers.add(SimulatedCluster.start(host, port));
            cluster.seedTomcat();
            cluster.renewPods();
            cluster.startControllers();
            if (kubeconfig != null) {
                SimulatedKubeconfig file = given == null ? new SimulatedKubeconfig(URI.create(cluster.url())) : given;
                file.write(kubeconfig);
            }
            return new Running(closers, () -> true, () -> "", "The simulated Kubernetes API is on " + cluster.url());
        } catch (RuntimeException e) {
            closers.close();
            throw e;
        }
    }
}
