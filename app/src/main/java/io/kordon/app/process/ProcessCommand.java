package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.config.SettingsException;
import io.kordon.app.lifecycle.Closers;
import io.kordon.app.lifecycle.Stop;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
     * @param leaving tells those who send to it that it is about to stop, before it does
     */
    record Running(
            AutoCloseable component,
            BooleanSupplier running,
            Supplier<String> problem,
            String address,
            Runnable leaving) {
        Running(AutoCloseable component, BooleanSupplier running, Supplier<String> problem, String address) {
            this(component, running, problem, address, () -> {});
        }
    }

    /** Checks the settings that it needs and starts the component. */
    abstract Running start(Settings settings, PrometheusMeterRegistry metrics) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(spec.commandLine().getOut()::println);
            return 0;
        }
        Duration timeout = settings.get(KordonSettings.SHUTDOWN_TIMEOUT);
        Duration delay = settings.get(KordonSettings.SHUTDOWN_DELAY);
        if (delay.compareTo(timeout) >= 0) {
            throw new SettingsException(List.of(
                    "kordon.shutdown.delay is " + delay.toSeconds() + "s, and must be shorter than kordon.shutdown"
                            + ".timeout, " + timeout.toSeconds() + "s, of which it is a part"));
        }
        try (Stop stop = new Stop(timeout)) {
            try {
                return run(settings, stop, delay);
            } catch (InterruptedException e) {
                if (!stop.asked()) {
                    throw e;
                }
                LOG.info("{} was asked to stop before it was up", spec.name());
                return 0;
            }
        }
    }

    private int run(Settings settings, Stop stop, Duration delay) throws Exception {
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AtomicReference<Supplier<String>> component = new AtomicReference<>(() -> spec.name() + " is starting");
        Supplier<String> problem = () -> stop.asked()
                ? spec.name() + " is stopping"
                : Objects.requireNonNull(component.get()).get();
        // What is opened first is closed last: health and metrics are told while the component starts, and while it
        // stops.
        try (Closers closers = new Closers()) {
            ProcessMeters.bind(metrics, spec.name(), problem, closers);
            closers.add(operations(settings, problem, metrics));
            Running started = stop.interruptible(() -> start(settings, metrics));
            closers.add(started.component());
            component.set(started.problem());
            LOG.info("{} is up. {}", spec.name(), started.address());
            if (stop.await(started.running())) {
                LOG.info("{} is asked to stop", spec.name());
                started.leaving().run();
                TimeUnit.MILLISECONDS.sleep(delay.toMillis());
                return 0;
            }
        }
        LOG.error("{} no longer runs; the reason is logged above", spec.name());
        return 1;
    }

    private static OperationsServer operations(
            Settings settings, Supplier<String> problem, PrometheusMeterRegistry metrics) {
        return OperationsServer.start(
                settings.get(KordonSettings.METRICS_HOST), settings.get(KordonSettings.METRICS_PORT), problem, metrics);
    }
}
