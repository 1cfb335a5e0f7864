package io.kordon.app.dashboards;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Kordon's dashboards for whoever runs Kibana. */
@Command(
        name = "dashboards",
        mixinStandardHelpOptions = true,
        description = {
            "Import Kordon's dashboards into Kibana, or print them.",
            "They are made for the indices of kordon.elasticsearch.index-prefix."
        },
        subcommands = {ImportCommand.class, ShowCommand.class})
public final class DashboardsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }
}
