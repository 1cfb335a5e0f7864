package io.kordon.app.process;

import io.kordon.app.process.RulesCommand.Check;
import io.kordon.app.rules.EvalCommand;
import io.kordon.app.rules.ExplainCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tools for those who write rules. */
@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        description = "Tools for Sigma rules and playbooks: `kordon rules check`.",
        subcommands = {Check.class, EvalCommand.class, ExplainCommand.class})
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

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli injects it
        private CommandSpec spec;

        @Override
        public Integer call() {
            Rulebook book = Rulebook.of(paths);
            PrintWriter out = spec.commandLine().getOut();
            book.problems().forEach(out::println);
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
