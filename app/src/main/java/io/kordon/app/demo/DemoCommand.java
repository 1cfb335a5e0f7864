package io.kordon.app.demo;

import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.lifecycle.Stop;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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
            "Kafka, the schema registry and Elasticsearch are real; the Kubernetes API is simulated unless"
                    + " --kubeconfig names a real one. Then the example's pod is really contained: use a cluster that may"
                    + " suffer that.",
            "It stays up for exploring until Ctrl-C, and leaves nothing behind unless --data says so."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(3);

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
            defaultValue = ScenarioPod.DEFAULT,
            description = "The pod of the example; NAMESPACE/BEGINNING* takes the first that runs. Default:"
                    + " ${DEFAULT-VALUE}")
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
            ScenarioPod target = ScenarioPod.find(demo.setup().client(), pod);
            IncidentFollower follower = closers.add(new IncidentFollower(
                    demo.setup().topics().incidents(),
                    demo.setup().kafka(),
                    demo.setup().serdes()));
            ClusterCheck cluster = new ClusterCheck(demo.setup().client(), target);
            Watch watch = new Watch(
                    follower, stop, progress, json ? spec.commandLine().getOut() : null);
            int code = 0;
            if (noScenario) {
                progress.say("everything is up");
            } else {
                play(demo, target, progress);
                code = watch.until(new Outcome(demo.setup(), target, cluster), LIMIT) ? 0 : 1;
            }
            if (!once && !stop.asked()) {
                demo.addresses(target).forEach(progress::plain);
                progress.plain("");
                progress.say("Ctrl-C ends it.");
                while (!stop.asked()) {
                    watch.look();
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

    private static void play(Demo demo, ScenarioPod target, Progress progress) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        for (Scenario.Post post : new Scenario(target, Clock.systemUTC().instant()).posts()) {
            Recipient.gateway(demo.pipeline().gatewayUrl(), post.sender()).deliver(post, client, Duration.ZERO);
            progress.say("POST " + post.sender().path() + "  " + post.what());
        }
    }
}
