package io.kordon.app.demo;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.http.Trust;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.lifecycle.Stop;
import io.kordon.app.process.Kubernetes;
import io.kordon.app.process.SettingsOptions;
import io.kordon.app.terminal.DurationOption;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays the example against a Kordon that runs already. */
@Command(
        name = "scenario",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Play the example against a Kordon that runs already: a pod runs curl without a terminal, and its memory"
                    + " passes 2 GiB. Then wait for the incident, its containment and its documents, and exit with 0, or"
                    + " with 1 and what is missing.",
            "The pod is really contained: take one that may suffer that.",
            "Needs access to the pod's cluster (--kubeconfig) and, unless --post-only, kafka.bootstrap.servers and"
                    + " kordon.registry.url. kordon.elasticsearch.* and kordon.evidence.* say where else to look."
        })
public final class ScenarioCommand implements Callable<Integer> {
    /** How long a receiver may be away before it is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin
    private RecipientOptions recipients = new RecipientOptions();

    @Option(
            names = "--memory-port",
            paramLabel = "PORT",
            description = "Serve the pod's memory, above 2 GiB, for a Prometheus to scrape on this port at /metrics, in"
                    + " place of posting the alert. A real alert takes a minute or more.")
    private @Nullable Integer memoryPort;

    @Option(
            names = "--pod",
            paramLabel = "NAMESPACE/NAME",
            defaultValue = ScenarioPod.DEFAULT,
            description = "The pod of the example; NAMESPACE/BEGINNING* takes the first that runs. Default:"
                    + " ${DEFAULT-VALUE}")
    private String pod = "";

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            defaultValue = "",
            description = "kubeconfig of the pod's cluster; the same as --set kordon.kubernetes.kubeconfig=…")
    private String kubeconfig = "";

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationOption.class,
            description = "Longest wait for all to be as it must. Default: ${DEFAULT-VALUE}")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--post-only",
            description = "Send the events and check nothing. With --memory-port, serve until the timeout or Ctrl-C.")
    private boolean postOnly;

    @Option(names = "--json", description = "Print the final incident as JSON on standard output.")
    private boolean json;

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(spec.commandLine().getOut()::println);
            return 0;
        }
        if (!postOnly) {
            settings.require(KordonSettings.REGISTRY_URL);
        }
        if (memoryPort != null && (memoryPort < 0 || memoryPort > 65_535)) {
            throw new IllegalArgumentException("--memory-port is " + memoryPort + ": it must be from 0 to 65535");
        }
        Recipients to = recipients.resolve(memoryPort == null);
        Progress progress = new Progress(spec.commandLine().getErr());
        try (Stop stop = new Stop();
                Closers closers = new Closers()) {
            try {
                return run(settings, to, stop, closers, progress) ? 0 : 1;
            } catch (InterruptedException e) {
                if (!stop.asked()) {
                    throw e;
                }
                progress.say("stopped before everything was sent");
                return 1;
            }
        }
    }

    private boolean run(Settings settings, Recipients to, Stop stop, Closers closers, Progress progress)
            throws InterruptedException {
        KubernetesClient client = closers.add(
                Kubernetes.client(kubeconfig.isEmpty() ? settings.get(KordonSettings.KUBECONFIG) : kubeconfig));
        ScenarioPod target = ScenarioPod.find(client, pod);
        progress.say("pod " + target.namespace() + "/" + target.name() + " with uid " + target.uid() + " runs on "
                + target.node());
        ClusterCheck cluster = new ClusterCheck(client, target);
        Watch watch = postOnly ? null : watch(settings, stop, closers, progress);
        if (memoryPort != null) {
            MemoryMetric memory = closers.add(MemoryMetric.serve(memoryPort, target));
            progress.say("its memory is " + MemoryMetric.BYTES + " bytes, says :" + memory.port()
                    + "/metrics; Prometheus and Alertmanager have to say the rest");
        }
        int sent = stop.interruptible(() -> play(to, target, progress));
        if (watch != null) {
            return watch.until(new Outcome(target, cluster, traces(settings, progress)), timeout);
        }
        if (memoryPort != null) {
            progress.say("serving the metric for " + timeout.toSeconds() + " s; Ctrl-C ends it");
            stop.await(timeout); // either way
        }
        return sent > 0;
    }

    private Watch watch(Settings settings, Stop stop, Closers closers, Progress progress) {
        IncidentFollower follower = closers.add(new IncidentFollower(
                SettingsOptions.topics(settings).incidents(),
                SettingsOptions.kafka(settings),
                SettingsOptions.serdes(settings)));
        return new Watch(follower, stop, progress, json ? spec.commandLine().getOut() : null);
    }

    /** Returns how many requests were sent. */
    private static int play(Recipients to, ScenarioPod target, Progress progress) throws InterruptedException {
        HttpClient http = Trust.client(to.authorities());
        int sent = 0;
        for (Scenario.Post post : new Scenario(target, Clock.systemUTC().instant()).posts()) {
            Recipient recipient = to.of(post.sender());
            if (recipient != null) {
                recipient.deliver(post, http, PATIENCE);
                progress.say("POST " + recipient.address() + "  " + post.what());
                sent++;
            }
        }
        return sent;
    }

    /** Says what cannot be looked at, so that nobody takes it for checked. */
    private static List<TraceCheck> traces(Settings settings, Progress progress) {
        Optional<TraceCheck> evidence = EvidenceCheck.of(settings);
        Optional<TraceCheck> elasticsearch = ElasticsearchCheck.of(settings);
        if (evidence.isEmpty()) {
            progress.say("not looked at: the files of evidence, since kordon.evidence.store is not set");
        }
        if (elasticsearch.isEmpty()) {
            progress.say("not looked at: Elasticsearch, since kordon.elasticsearch.urls is not set");
        }
        return Stream.of(evidence, elasticsearch).flatMap(Optional::stream).toList();
    }
}
