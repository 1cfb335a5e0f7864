package io.kordon.app.evidence;

import io.kordon.app.config.Settings;
import io.kordon.app.process.SettingsOptions;
import io.kordon.app.records.Connection;
import io.kordon.evidence.BundleVerifier;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.IncidentFolder;
import io.kordon.evidence.Problem;
import io.kordon.evidence.Verification;
import java.io.IOException;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether evidence is as it was sealed. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Read every byte of the bundles, and say what is not as it was sealed: one line for each problem.",
            "With kafka.bootstrap.servers set, bundles are also compared with what their incidents remember; only that"
                    + " shows that the last bundle was removed, or that a whole chain was replaced.",
            "Exit codes: 0 all is in order, 1 it is not, or there is nothing to verify."
        })
final class VerifyCommand extends StoreCommand {
    @Mixin
    private Scope scope = new Scope();

    @Option(names = "--all", description = "All incidents, of the cluster if one is named.")
    private boolean all;

    @Option(names = "--offline", description = "Do not ask Kafka.")
    private boolean offline;

    @Override
    void check() {
        if (all == scope.namesIncident()) {
            throw wrong("either --incident ID or --all is needed");
        }
    }

    @Override
    int run(Settings settings, EvidenceStore store) throws IOException {
        Witnesses witnesses = witnesses(settings);
        TreeMap<String, IncidentFolder> folders = new TreeMap<>();
        IncidentFolder.all(store).forEach(folder -> folders.put(folder.toString(), folder));
        witnesses.withBundles().forEach(folder -> folders.put(folder.toString(), folder));
        BundleVerifier verifier = new BundleVerifier(store);
        int incidents = 0;
        int compared = 0;
        long bundles = 0;
        long files = 0;
        long bytes = 0;
        long problems = 0;
        for (IncidentFolder folder : scope.among(folders.values())) {
            Verification verification = verifier.verify(folder, witnesses.of(folder));
            report(verification);
            incidents++;
            compared += verification.witnessed() ? 1 : 0;
            bundles += verification.bundles();
            files += verification.files();
            bytes += verification.bytes();
            problems += verification.problems().size() + verification.problemsOmitted();
        }
        if (incidents == 0) {
            remark("there is nothing to verify in " + store.location(""));
            return 1;
        }
        screen().line(bundles + " bundles of " + incidents + " incidents, " + files + " files, " + bytes + " bytes; "
                + compared + " incidents compared with Kafka; " + (problems == 0 ? "no" : problems) + " problems");
        return problems == 0 ? 0 : 1;
    }

    private Witnesses witnesses(Settings settings) {
        if (offline || !SettingsOptions.kafka(settings).containsKey("bootstrap.servers")) {
            remark("not compared with what the incidents remember in Kafka: that the last bundles were removed, or a"
                    + " whole chain replaced, would not show");
            return Witnesses.none();
        }
        Witnesses witnesses = Witnesses.read(Connection.of(settings));
        remark(witnesses.complaint());
        return witnesses;
    }

    private void report(Verification verification) {
        for (Problem problem : verification.problems()) {
            screen().line(problem.line());
        }
        if (verification.problemsOmitted() > 0) {
            screen().line(verification.incident() + ": and " + verification.problemsOmitted() + " more problems");
        }
        for (Verification.Leftover leftover : verification.leftovers()) {
            remark(leftover.folder() + " has " + leftover.files() + " files, " + leftover.bytes()
                    + " bytes, that no manifest names: of a capture that ended before it was sealed, or of a bundle"
                    + " whose manifest was removed");
        }
    }
}
