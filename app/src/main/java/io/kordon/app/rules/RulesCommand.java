package io.kordon.app.rules;

import io.kordon.app.config.PlaceholderFile;
import io.kordon.app.process.Rulebook;
import io.kordon.app.rules.RulesCommand.Check;
import io.kordon.app.terminal.PrintableText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tools for those who write rules. */
@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        description = {
            "Check rules and playbooks, try rules on events, and change the rules of running instances.",
            "A rule that is published counts in place of the one with the same id on disk."
        },
        subcommands = {
            Check.class,
            EvalCommand.class,
            ExplainCommand.class,
            ApplyCommand.class,
            ListCommand.class,
            RemoveCommand.Off.class,
            RemoveCommand.Reset.class
        })
public final class RulesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** Says what cannot be used, and where. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Check rules and playbooks, and print every problem as FILE:LINE:COLUMN: REASON.",
                "Ends with 0 if there is none, with 1 otherwise. What lies in a folder called playbooks is taken for a"
                        + " playbook."
            })
    static final class Check implements Callable<Integer> {
        @Parameters(
                paramLabel = "PATH",
                arity = "1..*",
                description = "Files, and folders with all that is below them (*.yml, *.yaml).")
        private List<Path> paths = List.of();

        @Option(names = "--placeholders", paramLabel = "FILE", description = PlaceholderFile.DESCRIPTION)
        private @Nullable Path placeholders;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli injects it
        private CommandSpec spec;

        @Override
        public Integer call() {
            Rulebook book = Rulebook.of(paths, PlaceholderFile.read(placeholders));
            PrintWriter out = spec.commandLine().getOut();
            book.problems().forEach(problem -> out.println(PrintableText.of(problem.toString())));
            out.printf(
                    "%d detection rules, %d correlation rules, %d playbooks, %d problems%n",
                    book.rules().detections().size(),
                    book.rules().correlations().size(),
                    book.playbooks().size(),
                    book.problems().size());
            return book.problems().isEmpty() ? 0 : 1;
        }
    }
}
