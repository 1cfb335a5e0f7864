package io.kordon.app;

import io.kordon.app.access.AclsCommand;
import io.kordon.app.config.SettingsException;
import io.kordon.app.demo.DemoCommand;
import io.kordon.app.embedded.EmbeddedServerException;
import io.kordon.app.evidence.EvidenceCommand;
import io.kordon.app.incidents.IncidentsCommand;
import io.kordon.app.playbooks.PlaybooksCommand;
import io.kordon.app.process.ActuatorCommand;
import io.kordon.app.process.ConnectCommand;
import io.kordon.app.process.GatewayCommand;
import io.kordon.app.process.InventoryCommand;
import io.kordon.app.process.StreamsCommand;
import io.kordon.app.process.TopicsCommand;
import io.kordon.app.rules.RulesCommand;
import java.util.StringJoiner;
import org.apache.kafka.common.KafkaException;
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
            HelpCommand.class
        })
public final class Kordon {
    private Kordon() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands, with errors that name the cause and leave the stack trace out where it says no more. */
    static CommandLine commandLine() {
        return new CommandLine(new Kordon())
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(message(command, failure));
                    return failure instanceof SettingsException || failure instanceof IllegalArgumentException
                            ? CommandLine.ExitCode.USAGE
                            : 1;
                });
    }

    private static String message(CommandLine command, Exception failure) throws Exception {
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof SettingsException settings) {
            return name + ": the settings are wrong:\n  " + String.join("\n  ", settings.problems());
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
