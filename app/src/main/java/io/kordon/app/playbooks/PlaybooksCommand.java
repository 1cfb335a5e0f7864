package io.kordon.app.playbooks;

import io.kordon.app.terminal.PrintableText;
import io.kordon.streams.response.PlaybookFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tools for those who write playbooks. */
@Command(
        name = "playbooks",
        mixinStandardHelpOptions = true,
        description = {
            "Check playbooks, and change those of running instances.",
            "A playbook that is published counts in place of the one with the same name on disk."
        },
        subcommands = {
            PlaybooksCommand.Check.class,
            ApplyCommand.class,
            ListCommand.class,
            RemoveCommand.Off.class,
            RemoveCommand.Reset.class
        })
public final class PlaybooksCommand implements Callable<Integer> {
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
                "Check playbooks, and print every problem as FILE:LINE:COLUMN: REASON.",
                "Ends with 0 if there is none, with 1 otherwise. Needs no server."
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
            PlaybookFiles.Read read = PlaybookFiles.read(paths);
            PrintWriter out = spec.commandLine().getOut();
            read.problems().forEach(problem -> out.println(PrintableText.of(problem.toString())));
            out.printf(
                    "%d playbooks, %d problems%n",
                    read.playbooks().size(), read.problems().size());
            return read.problems().isEmpty() ? 0 : 1;
        }
    }
}
