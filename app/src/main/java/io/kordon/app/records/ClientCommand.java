package io.kordon.app.records;

import io.kordon.app.config.Settings;
import io.kordon.app.process.SettingsOptions;
import io.kordon.app.terminal.Screen;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command of a person that speaks to a running Kordon through its topics, and ends. */
public abstract class ClientCommand implements Callable<Integer> {
    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    /** Refuses, by {@link #wrong}, what cannot be meant; before anything is opened. */
    protected void check() {}

    /** Does it. Returns the exit code: 0 done, 1 failed. */
    protected abstract int run(Connection connection) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(spec.commandLine().getOut()::println);
            return 0;
        }
        check();
        try {
            return run(Connection.of(settings));
        } finally {
            out().flush();
        }
    }

    /** The command was used wrongly: exit code 2. */
    protected final ParameterException wrong(String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** For people, on standard output. */
    protected final Screen screen() {
        return new Screen(out());
    }

    /** Says, on standard error, what a person should know beside the answer; nothing if it is empty. */
    protected final void remark(String text) {
        if (!text.isEmpty()) {
            new Screen(spec.commandLine().getErr()).line(spec.qualifiedName() + ": " + text);
            spec.commandLine().getErr().flush();
        }
    }
}
