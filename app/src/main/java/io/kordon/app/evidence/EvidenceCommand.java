package io.kordon.app.evidence;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What people do with evidence that was captured. */
@Command(
        name = "evidence",
        mixinStandardHelpOptions = true,
        description = {
            "List, verify and fetch the bundles of the evidence store (`kordon evidence list --set"
                    + " kordon.evidence.store=s3://BUCKET/PREFIX`), and examine the volume of a node.",
            "Where an incident's ID is asked for, the beginning of one is enough if no other's begins like it.",
            "Exit codes: 0 done and in order, 1 not found or not in order, 2 used or configured wrongly."
        },
        subcommands = {ListCommand.class, VerifyCommand.class, FetchCommand.class, EvidenceInspectCommand.class})
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
