package io.kordon.app.incidents;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What analysts do with incidents. */
@Command(
        name = "incidents",
        mixinStandardHelpOptions = true,
        description = {
            "List, show and follow incidents, and decide on them: `kordon incidents list --kafka … --registry …`.",
            "Where an ID is asked for, the beginning of one is enough if no other incident's begins like it.",
            "Exit codes: 0 done, 1 not found or not done, 2 used or configured wrongly (an ID that two incidents begin"
                    + " with, too)."
        },
        subcommands = {
            ListCommand.class,
            ShowCommand.class,
            WatchCommand.class,
            DecideCommand.Close.class,
            DecideCommand.Dismiss.class,
            DecideCommand.Reopen.class,
            ApproveCommand.Approve.class,
            ApproveCommand.Reject.class,
            ReleaseCommand.class
        })
public final class IncidentsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }
}
