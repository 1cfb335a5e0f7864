package io.kordon.app.evidence;

import io.kordon.app.config.Settings;
import io.kordon.app.terminal.PlainJson;
import io.kordon.app.terminal.Table;
import io.kordon.app.terminal.Table.Column;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.IncidentFolder;
import io.kordon.evidence.Link;
import io.kordon.evidence.Manifest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The bundles that there are. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the bundles of the evidence store, by incident and in the order of their chains. Nothing is"
                + " verified.")
final class ListCommand extends StoreCommand {
    @Mixin
    private Scope scope = new Scope();

    @Option(names = "--json", description = "One JSON object per bundle and line.")
    private boolean json;

    @Override
    int run(Settings settings, EvidenceStore store) throws IOException {
        Table table = new Table(
                new Column("INCIDENT", 40),
                new Column("BUNDLE", 6),
                new Column("SEALED", 20),
                new Column("ORIGIN", 10),
                new Column("FILES", 7),
                new Column("BYTES", 15),
                new Column("MISSING", 7),
                new Column("SHA-256", 12),
                new Column("LOCATION", 200));
        int bundles = 0;
        for (IncidentFolder incident : scope.among(IncidentFolder.all(store))) {
            for (Link link : Link.chain(store, incident)) {
                bundles++;
                if (json) {
                    out().println(PlainJson.line(fields(link)));
                } else {
                    row(table, link);
                }
            }
        }
        if (bundles == 0) {
            remark("there are no such bundles in " + store.location(""));
            return scope.namesIncident() ? 1 : 0;
        }
        if (!json) {
            screen().lines(table.lines());
        }
        return 0;
    }

    private static void row(Table table, Link link) {
        String digest = link.digest().substring(0, 12);
        if (link.manifest().isEmpty()) {
            table.row(
                    link.folder().incident(),
                    Integer.toString(link.sequence()),
                    "unreadable",
                    "",
                    "",
                    "",
                    "",
                    digest,
                    link.location());
            return;
        }
        Manifest manifest = link.manifest().orElseThrow();
        table.row(
                manifest.id().incidentId(),
                Integer.toString(link.sequence()),
                manifest.sealed().toString().replaceFirst("\\.\\d+Z", "Z"),
                manifest.origin(),
                Integer.toString(manifest.files().size()),
                Long.toString(manifest.bytes()),
                Long.toString(manifest.missing().size() + manifest.missingOmitted()),
                digest,
                link.location());
    }

    private static Map<String, Object> fields(Link link) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("clusterFolder", link.folder().cluster());
        fields.put("incidentFolder", link.folder().incident());
        fields.put("bundle", link.sequence());
        fields.put("digest", link.digest());
        fields.put("location", link.location());
        if (link.manifest().isEmpty()) {
            fields.put("problem", link.problem());
            return fields;
        }
        Manifest manifest = link.manifest().orElseThrow();
        fields.put("cluster", manifest.id().cluster());
        fields.put("incident", manifest.id().incidentId());
        fields.put("id", manifest.id().id());
        fields.put("origin", manifest.origin());
        fields.put("created", manifest.created().toString());
        fields.put("sealed", manifest.sealed().toString());
        fields.put("files", manifest.files().size());
        fields.put("bytes", manifest.bytes());
        fields.put("missing", manifest.missing().size() + manifest.missingOmitted());
        manifest.previous().ifPresent(previous -> fields.put("previous", previous.digest()));
        return fields;
    }
}
