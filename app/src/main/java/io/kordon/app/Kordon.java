package io.kordon.app;

import io.kordon.app.access.AclsCommand;
import io.kordon.app.config.SettingsException;
import io.kordon.app.dashboards.DashboardsCommand;
import io.kordon.app.demo.DemoCommand;
import io.kordon.app.demo.ScenarioCommand;
import io.kordon.app.embedded.EmbeddedServerException;
import io.kordon.app.evidence.EvidenceCommand;
import io.kordon.app.incidents.IncidentsCommand;
import io.kordon.app.logging.Logging;
import io.kordon.app.playbooks.PlaybooksCommand;
import io.kordon.app.process.ActuatorCommand;
import io.kordon.app.process.ConnectCommand;
import io.kordon.app.process.GatewayCommand;
import io.kordon.app.process.InventoryCommand;
import io.kordon.app.process.SimulateCommand;
import io.kordon.app.process.StreamsCommand;
import io.kordon.app.process.TopicsCommand;
import io.kordon.app.rules.RulesCommand;
import io.kordon.app.terminal.PrintableText;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** Entry point: {@code kordon COMMAND}. */
@Command(
        name = "kordon",
        mixinStandardHelpOptions = true,
        versionProvider = Kordon.Version.class,
        sortOptions = false,
        description = {
            "Joins Falco events, Prometheus alerts and Kubernetes audit events per pod, scores incidents, contains"
                    + " them.",
            "",
            "`kordon demo` shows all of it on this machine, with nothing to install. The other commands are the"
                    + " processes of a real installation, one each; `kordon COMMAND --help` explains them."
        },
        footer = {
            "",
            "Settings come from flags (--set KEY=VALUE), the environment (kordon.gateway.port is KORDON_GATEWAY_PORT),"
                    + " folders of secrets (--secrets DIR), a YAML file (--config FILE) and defaults, in this order."
                    + " --print-config shows the result.",
            "Exit codes: 0 done, 1 failed, 2 used or configured wrongly."
        },
        subcommands = {
            DemoCommand.class,
            TopicsCommand.class,
            AclsCommand.class,
            GatewayCommand.class,
            StreamsCommand.class,
            ActuatorCommand.class,
            InventoryCommand.class,
            ConnectCommand.class,
            IncidentsCommand.class,
            EvidenceCommand.class,
            RulesCommand.class,
            PlaybooksCommand.class,
            SimulateCommand.class,
            ScenarioCommand.class,
            DashboardsCommand.class,
            HelpCommand.class
        })
public final class Kordon {
    private static final Logger LOG = LoggerFactory.getLogger(Kordon.class);

    /** Commands that run until they are told to stop, for whom somebody collects logs. */
    private static final Set<String> PROCESSES =
            Set.of("gateway", "streams", "actuator", "inventory", "connect", "simulate");

    private Kordon() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.getenv()));
    }

    private static int run(String[] arguments, Map<String, String> environment) {
        String command = arguments.length == 0 ? "" : arguments[0];
        Logging.Format format;
        try {
            format = Logging.configure(
                    environment, commandLine().getSubcommands().containsKey(command) ? "kordon-" + command : "kordon");
        } catch (SettingsException e) {
            System.err.println(reasons("kordon", e));
            return CommandLine.ExitCode.USAGE;
        }
        return commandLine(format == Logging.Format.ECS && PROCESSES.contains(command))
                .execute(arguments);
    }

    /** The commands, with errors that name the cause and leave the stack trace out where it says no more. */
    static CommandLine commandLine() {
        return commandLine(false);
    }

    /** @param logged errors go to the log, because whoever collects it wants nothing else on standard error */
    private static CommandLine commandLine(boolean logged) {
        return new CommandLine(new Kordon())
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    String message = message(command, failure);
                    if (logged) {
                        LOG.error("{}", message);
                    } else {
                        // It may quote what a server answered, which is not ours to print as it is.
                        message.lines().map(PrintableText::of).forEach(command.getErr()::println);
                    }
                    return failure instanceof SettingsException || failure instanceof IllegalArgumentException
                            ? CommandLine.ExitCode.USAGE
                            : 1;
                });
    }

    private static String message(CommandLine command, Exception failure) throws Exception {
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof SettingsException settings) {
            return reasons(name, settings);
        }
        if (failure instanceof EmbeddedServerException || failure instanceof IllegalStateException) {
            return name + ": " + failure.getMessage();
        }
        // What a component refuses of its values, and what Kafka's clients and Connect refuse of theirs.
        if (failure instanceof IllegalArgumentException || failure instanceof KafkaException) {
            return name + ": " + reasons(failure);
        }
        throw failure;
    }

    private static String reasons(String name, SettingsException settings) {
        return name + ": the settings are wrong:\n  " + String.join("\n  ", settings.problems());
    }

    private static String reasons(Throwable failure) {
        StringJoiner reasons = new StringJoiner(": ");
        for (Throwable reason = failure; reason != null; reason = reason.getCause()) {
            String said = reason.getMessage();
            reasons.add(said == null ? reason.getClass().getSimpleName() : said);
        }
        return reasons.toString();
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Kordon.class.getPackage().getImplementationVersion();
            return new String[] {"kordon " + (version == null ? "(not packaged)" : version)};
        }
    }
}
