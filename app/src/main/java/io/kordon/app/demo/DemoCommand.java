package io.kordon.app.demo;

import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.incidents.IncidentReport;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.lifecycle.Stop;
import io.kordon.app.terminal.PlainJson;
import io.kordon.avro.Incident;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the whole path on one machine. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Start everything on this machine and play the example: a Tomcat pod runs curl without a terminal, and its"
                    + " memory passes 2 GiB.",
            "Kafka, the schema registry and Elasticsearch are real; the Kubernetes API is simulated unless --kubeconfig"
                    + " names a real one. Then the example's pod is really contained: use a cluster that may suffer that.",
            "It stays up for exploring until Ctrl-C, and leaves nothing behind unless --data says so."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    @Option(names = "--once", description = "Check the outcome, end, and exit with 0, or with 1 and what is missing.")
    private boolean once;

    @Option(names = "--json", description = "Print the final incident as JSON on standard output.")
    private boolean json;

    @Option(names = "--no-scenario", description = "Start everything and play nothing.")
    private boolean noScenario;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Use the cluster of this kubeconfig file in place of a simulated one.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--pod",
            paramLabel = "NAMESPACE/NAME",
            defaultValue = "tomcat/tomcat-depl-89bb8c5c7-lspcw",
            description = "The pod of the example. Default: ${DEFAULT-VALUE}")
    private String pod = "";

    @Option(names = "--data", paramLabel = "DIR", description = "Keep all state in this folder, and go on from it.")
    private @Nullable Path data;

    @Option(names = "--gateway-port", paramLabel = "PORT", description = "Port of the gateway. Default: any free one.")
    private int gatewayPort;

    @Option(names = "--kafka-port", paramLabel = "PORT", description = "Port of Kafka. Default: any free one.")
    private int kafkaPort;

    @Option(
            names = "--registry-port",
            paramLabel = "PORT",
            description = "Port of the registry. Default: any free one.")
    private int registryPort;

    @Option(
            names = "--elasticsearch-port",
            paramLabel = "PORT",
            description = "Port of Elasticsearch. Default: any free one.")
    private int elasticsearchPort;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (once && noScenario) {
            throw new ParameterException(
                    spec.commandLine(), "--once checks the example's outcome and --no-scenario plays none: take one");
        }
        EmbeddedStack.Ports ports = ports();
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new Progress(err);
        try (Stop stop = new Stop();
                DemoData folder = DemoData.open(data)) {
            DemoLogging.toFile(folder.log());
            int code = 1;
            try {
                code = run(folder, ports, stop, progress);
            } finally {
                if (code != 0 && !stop.asked()) {
                    progress.say("the log is " + folder.keepLog());
                }
            }
            return code;
        }
    }

    private EmbeddedStack.Ports ports() {
        try {
            return new EmbeddedStack.Ports(kafkaPort, registryPort, elasticsearchPort);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private int run(DemoData folder, EmbeddedStack.Ports ports, Stop stop, Progress progress)
            throws InterruptedException {
        progress.say("starting Kafka, the schema registry and Elasticsearch; data in " + folder.folder());
        try (Closers closers = new Closers()) {
            Demo demo = stop.interruptible(() -> Demo.start(folder, ports, gatewayPort, kubeconfig, closers, progress));
            ScenarioPod target = target(demo);
            IncidentFollower follower = closers.add(new IncidentFollower(
                    demo.setup().topics().incidents(),
                    demo.setup().kafka(),
                    demo.setup().serdes()));
            ClusterCheck cluster = new ClusterCheck(demo.setup().client(), target);
            int code = 0;
            if (noScenario) {
                progress.say("everything is up");
            } else {
                play(demo, target, progress);
                code = watch(follower, new Outcome(demo.setup(), target, cluster), stop, progress);
            }
            if (!once && !stop.asked()) {
                demo.addresses(target).forEach(progress::plain);
                progress.plain("");
                progress.say("Ctrl-C ends it.");
                while (!stop.asked()) {
                    follower.poll((before, now) -> show(before, now, progress));
                }
            }
            progress.say("stopping");
            return once ? code : 0;
        } catch (InterruptedException e) {
            if (!stop.asked()) {
                throw e;
            }
            progress.say("stopped while it was starting");
            return 1;
        }
    }

    private ScenarioPod target(Demo demo) {
        String[] parts = pod.split("/", -1);
        if (parts.length != 2) {
            throw new ParameterException(spec.commandLine(), "--pod is '" + pod + "': write it as NAMESPACE/NAME");
        }
        return ScenarioPod.find(demo.setup().client(), parts[0], parts[1]);
    }

    private static void play(Demo demo, ScenarioPod target, Progress progress) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        for (Scenario.Post post : new Scenario(target, Clock.systemUTC().instant()).posts()) {
            post.send(client, demo.pipeline().gatewayUrl());
            progress.say("POST " + post.path() + "  " + post.what());
        }
    }

    /** Shows the incident as it grows, until all is as it must be or the time is up. */
    private int watch(IncidentFollower follower, Outcome outcome, Stop stop, Progress progress)
            throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        long next = System.nanoTime();
        List<String> missing = List.of("an incident");
        while (!missing.isEmpty() && !stop.asked() && System.nanoTime() - deadline < 0) {
            follower.poll((before, now) -> show(before, now, progress));
            if (System.nanoTime() - next > 0 && !follower.latest().isEmpty()) {
                missing = outcome.missing(follower.latest());
                next = System.nanoTime() + CHECK_EVERY.toNanos();
            }
        }
        outcome.incident(follower.latest()).ifPresent(incident -> conclude(incident, progress));
        if (missing.isEmpty()) {
            outcome.replacements()
                    .forEach(name -> progress.say("pod " + name + " serves in the place of the contained one"));
            progress.say(
                    "everything is as it must be: incident, evidence, score, containment, replacement, Elasticsearch");
            return 0;
        }
        progress.say(
                stop.asked() ? "stopped before the end; still missing:" : "missing after " + LIMIT.toSeconds() + " s:");
        missing.forEach(what -> progress.detail("- " + what));
        return 1;
    }

    private void conclude(Incident incident, Progress progress) {
        progress.say("phases of incident " + incident.getId() + ":");
        IncidentReport.phases(incident.getTimeline()).forEach(progress::detail);
        if (json) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(PlainJson.of(incident));
            out.flush();
        }
    }

    private static void show(@Nullable Incident before, Incident now, Progress progress) {
        List<String> lines = new ArrayList<>(IncidentReport.growth(before, now));
        progress.say(
                "incident " + now.getId().substring(0, Math.min(12, now.getId().length())) + "  " + lines.remove(0));
        lines.forEach(progress::detail);
    }
}
