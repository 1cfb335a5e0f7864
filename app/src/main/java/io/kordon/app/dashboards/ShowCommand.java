package io.kordon.app.dashboards;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.process.SettingsOptions;
import io.kordon.elasticsearch.KibanaObjects;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the saved objects. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print the dashboards as saved objects, one JSON a line, the same bytes on every run. Needs no server.",
            "Kibana takes the file under Stack Management, Saved Objects, Import."
        })
final class ShowCommand implements Callable<Integer> {
    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(out::println);
        } else {
            out.print(KibanaObjects.ndjson(settings.get(KordonSettings.ELASTICSEARCH_INDEX_PREFIX)));
        }
        out.flush();
        return 0;
    }
}
