package io.kordon.app.evidence;

import io.kordon.app.config.Settings;
import io.kordon.evidence.BundleFetcher;
import io.kordon.evidence.BundleFetcher.Fetched;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.IncidentFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A copy of an incident's evidence, to work with. */
@Command(
        name = "fetch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Copy an incident's bundles to a folder. A file gets its name only after its SHA-256 was found to be the"
                    + " manifest's; nothing there is written over, so an interrupted copy can be gone on with.",
            "The copy is a store of its own: `kordon evidence verify --all --offline --set kordon.evidence.store=DIR`."
        })
final class FetchCommand extends StoreCommand {
    @Mixin
    private Scope scope = new Scope();

    @Option(names = "--bundle", paramLabel = "N", description = "Only the bundle of this number. Default: all.")
    private int bundle;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "Folder for the copy.")
    private Path to = Path.of("");

    @Override
    void check() {
        if (!scope.namesIncident()) {
            throw wrong("--incident ID is needed");
        }
        if (bundle < 0) {
            throw wrong("--bundle counts from 1");
        }
    }

    @Override
    int run(Settings settings, EvidenceStore store) throws IOException {
        List<IncidentFolder> meant = scope.among(IncidentFolder.all(store));
        if (meant.isEmpty()) {
            remark("there is no evidence of incident " + scope.incident() + " in " + store.location(""));
            return 1;
        }
        Fetched fetched = new BundleFetcher(store, to, CLOCK)
                .fetch(meant.get(0), bundle == 0 ? OptionalInt.empty() : OptionalInt.of(bundle));
        fetched.problems().forEach(problem -> screen().line(problem.line()));
        if (fetched.bundles() == 0) {
            remark("incident " + meant.get(0) + " has no such bundle");
            return 1;
        }
        screen().line(fetched.bundles() + " bundles, " + fetched.files() + " files, " + fetched.bytes() + " bytes in "
                + to.resolve(meant.get(0).prefix()) + "; " + fetched.problems().size() + " problems");
        return fetched.problems().isEmpty() ? 0 : 1;
    }
}
