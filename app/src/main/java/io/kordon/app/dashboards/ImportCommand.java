package io.kordon.app.dashboards;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.process.SettingsOptions;
import io.kordon.app.terminal.DurationOption;
import io.kordon.app.terminal.Screen;
import io.kordon.elasticsearch.KibanaObjects;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts the saved objects into a running Kibana. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Import the dashboards into a running Kibana. Those of an earlier import are replaced, so that it may be"
                    + " done again after every upgrade; what else is in Kibana stays.",
            "Ends with 0 when all objects are in, with 1 otherwise, and says of each that is not why.",
            "Needs kordon.kibana.url."
        })
final class ImportCommand implements Callable<Integer> {
    /** Between two tries while Kibana is not there. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = DurationOption.class,
            description = "How long to wait for Kibana to be there and ready, as 5m. Default: ${DEFAULT-VALUE}.")
    private Duration wait = Duration.ZERO;

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
        Kibana kibana = Kibana.of(settings);
        String objects = KibanaObjects.ndjson(settings.get(KordonSettings.ELASTICSEARCH_INDEX_PREFIX));
        Imported imported = kibana.load(objects, wait, PAUSE);
        Screen out = new Screen(spec.commandLine().getOut());
        Screen err = new Screen(spec.commandLine().getErr());
        err.lines(imported.problems());
        out.line("%d of %d objects imported into %s"
                .formatted(imported.count(), objects.lines().count(), kibana.where()));
        spec.commandLine().getErr().flush();
        spec.commandLine().getOut().flush();
        return imported.complete() ? 0 : 1;
    }
}
