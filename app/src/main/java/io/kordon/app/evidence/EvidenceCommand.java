package io.kordon.app.evidence;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What analysts do with evidence. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        description = "Work with evidence: what a node's volume holds of its containers.",
        subcommands = {EvidenceInspectCommand.class})
public final class EvidenceCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }
}
