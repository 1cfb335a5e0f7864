package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.lifecycle.Stop;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that runs one component until it is told to stop. */
abstract class ProcessCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessCommand.class);

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    /**
     * A running component.
     *
     * @param component to close in the end
     * @param running whether it still works; the process ends, with an error, when it does not
     * @param problem what keeps it from being ready; empty when it is
     * @param address where it serves, for the log; empty where it does not
     */
    record Running(AutoCloseable component, BooleanSupplier running, Supplier<String> problem, String address) {}

    /** Checks the settings that it needs and starts the component. */
    abstract Running start(Settings settings, PrometheusMeterRegistry metrics) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(spec.commandLine().getOut()::println);
            return 0;
        }
        try (Stop stop = new Stop()) {
            return run(settings, stop);
        }
    }

    private int run(Settings settings, Stop stop) throws Exception {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        try (Closers closers = new Closers()) {
            closers.add(new JvmGcMetrics()).bindTo(metrics);
            Running started = stop.interruptible(() -> start(settings, metrics));
            closers.add(started.component());
            closers.add(operations(settings, started, metrics));
            LOG.info("{} is up. {}", spec.name(), started.address());
            if (stop.await(started.running())) {
                LOG.info("{} is asked to stop", spec.name());
                return 0;
            }
        }
        LOG.error("{} no longer runs; the reason is logged above", spec.name());
        return 1;
    }

    private static OperationsServer operations(Settings settings, Running started, PrometheusMeterRegistry metrics) {
        return OperationsServer.start(
                settings.get(KordonSettings.METRICS_HOST),
                settings.get(KordonSettings.METRICS_PORT),
                started.problem(),
                metrics);
    }
}
