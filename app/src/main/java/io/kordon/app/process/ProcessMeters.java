package io.kordon.app.process;

import io.kordon.app.lifecycle.Closers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.logging.LogbackMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.io.File;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/** What every process tells of itself, whatever its component is. */
final class ProcessMeters {
    private ProcessMeters() {}

    /**
     * Registers them.
     *
     * @param process the command's name, a label of a few of them
     * @param problem what keeps the process from being ready; empty when it is
     */
    static void bind(MeterRegistry registry, String process, Supplier<String> problem, Closers closers) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        closers.add(new JvmGcMetrics()).bindTo(registry);
        closers.add(new LogbackMetrics()).bindTo(registry);
        Gauge.builder("kordon.process", () -> 1)
                .description("1; its labels say which process of which version this is")
                .tag("process", process)
                .tag("version", version())
                .register(registry);
        Gauge.builder("kordon.ready", () -> problem.get().isEmpty() ? 1 : 0)
                .description("1 while /readyz says ready")
                .tag("process", process)
                .register(registry);
        KafkaMeters.bind(registry, process);
    }

    /**
     * Room where a process writes: full, it stands still.
     *
     * @param use what the folder is for, from a closed list
     */
    static void disk(MeterRegistry registry, String use, Path folder) {
        Gauge.builder("kordon.disk.free", () -> existing(folder).getUsableSpace())
                .description("Room that is left where the folder lies")
                .baseUnit("bytes")
                .tag("folder", use)
                .register(registry);
        Gauge.builder("kordon.disk.total", () -> existing(folder).getTotalSpace())
                .description("Size of the file system where the folder lies")
                .baseUnit("bytes")
                .tag("folder", use)
                .register(registry);
    }

    /** A folder that is not there yet is made where its nearest ancestor lies. */
    private static File existing(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!there.toFile().exists() && there.getParent() != null) {
            there = there.getParent();
        }
        return there.toFile();
    }

    private static String version() {
        return Objects.requireNonNullElse(ProcessMeters.class.getPackage().getImplementationVersion(), "unknown");
    }
}
