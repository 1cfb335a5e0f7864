package io.kordon.app.evidence;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.process.SettingsOptions;
import io.kordon.app.terminal.Screen;
import io.kordon.evidence.EvidenceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command of a person over the evidence store. Kafka is asked only where it says so. */
abstract class StoreCommand implements Callable<Integer> {
    static final Clock CLOCK = Clock.systemUTC();

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    /** Refuses, by {@link #wrong}, what cannot be meant; before anything is opened. */
    void check() {}

    /** Does it. Returns the exit code. */
    abstract int run(Settings settings, EvidenceStore store) throws IOException;

    @Override
    public final Integer call() {
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(out()::println);
            return 0;
        }
        check();
        try {
            Optional<EvidenceStore> opened = Evidence.open(settings, CLOCK);
            if (opened.isEmpty()) {
                throw wrong("kordon.evidence.store is not set. " + KordonSettings.EVIDENCE_STORE.help());
            }
            try (EvidenceStore store = opened.orElseThrow()) {
                return run(settings, store);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } finally {
            out().flush();
        }
    }

    /** The command was used wrongly: exit code 2. */
    final ParameterException wrong(String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final Screen screen() {
        return new Screen(out());
    }

    /** Says, on standard error, what a person should know beside the answer; nothing if it is empty. */
    final void remark(String text) {
        if (!text.isEmpty()) {
            new Screen(spec.commandLine().getErr()).line(spec.qualifiedName() + ": " + text);
            spec.commandLine().getErr().flush();
        }
    }
}
