package io.kordon.app.published;

import io.kordon.app.records.ClientCommand;
import io.kordon.app.records.Connection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Switches documents off, or forgets what was published of them. */
public abstract class ChangeDocuments extends ClientCommand {
    private static final int LONGEST_ID = 512;

    private final Shelf shelf;
    private final Change change;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "As `list` shows them.")
    private Set<String> ids = new LinkedHashSet<>();

    @Option(names = "--dry-run", description = "Say what would be done, and publish nothing.")
    private boolean dryRun;

    protected ChangeDocuments(Shelf shelf, Change change) {
        this.shelf = shelf;
        this.change = change;
    }

    /** What is done to each. */
    public enum Change {
        /** It is out of force, wherever it comes from. */
        SWITCH_OFF {
            @Override
            String of(String id, PublishedDocuments published, DocumentPublisher publisher) {
                if (published.off(id)) {
                    return "unchanged, off already  " + id;
                }
                publisher.switchOff(id);
                return published.has(id)
                        ? "switched off  " + id
                        : "switched off  " + id
                                + "  (it was not published: this counts for instances that read it from disk)";
            }
        },
        /** What is on disk counts again. */
        FORGET {
            @Override
            String of(String id, PublishedDocuments published, DocumentPublisher publisher) {
                if (!published.has(id)) {
                    return "unchanged, nothing is published under it  " + id;
                }
                publisher.forget(id);
                return "forgotten  " + id;
            }
        };

        /** Asks for the change. Returns what to say of it. */
        abstract String of(String id, PublishedDocuments published, DocumentPublisher publisher);
    }

    /** What is wrong with these ids, in the light of what is published; nothing is changed then. */
    protected List<String> complaints(Set<String> ids, PublishedDocuments published) {
        return List.of();
    }

    @Override
    protected final void check() {
        for (String id : ids) {
            if (id.isBlank() || id.length() > LONGEST_ID) {
                throw wrong("an id has 1 to " + LONGEST_ID + " characters");
            }
        }
    }

    @Override
    protected final int run(Connection connection) throws InterruptedException {
        PublishedDocuments published = PublishedDocuments.read(connection, shelf);
        remark(published.complaint());
        List<String> complaints = complaints(ids, published);
        if (!complaints.isEmpty()) {
            complaints.forEach(this::remark);
            return 1;
        }
        try (DocumentPublisher publisher = DocumentPublisher.open(connection, shelf)) {
            List<String> said =
                    ids.stream().map(id -> change.of(id, published, publisher)).toList();
            if (!dryRun) {
                publisher.commit();
            }
            said.forEach(line -> screen().line((dryRun ? "would be: " : "") + line));
        }
        return 0;
    }
}
