package io.kordon.evidence.inspect;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report for a person: what matters first, and of long lists the beginning. All of it is printable. */
public final class ReportText {
    private static final int MOST_FINDINGS = 50;
    private static final int MOST_CHANGES = 40;
    private static final int MOST_LOGS = 20;
    private static final int MOST_NOTES = 20;

    private final Consumer<String> out;

    private ReportText(Consumer<String> out) {
        this.out = out;
    }

    /** Writes it, line by line. */
    public static void write(Report report, Consumer<String> line) {
        new ReportText(line).report(report);
    }

    private void report(Report report) {
        List<Finding> marked = report.findings().stream()
                .filter(finding -> finding.level().compareTo(Finding.Level.MEDIUM) <= 0)
                .toList();
        out.accept(report.containers().size() + " containers and "
                + report.volumes().size() + " volumes on " + report.root() + ", held against " + report.indicators()
                + " indicators");
        out.accept("");
        out.accept(marked.isEmpty() ? "no findings" : marked.size() + " findings");
        some(marked, MOST_FINDINGS, finding -> {
            out.accept("  " + finding.level() + "  " + where(report, finding) + "  " + finding.path());
            String indicator =
                    finding.indicator() == null ? "" : "matches " + Names.printable(finding.indicator()) + ": ";
            out.accept("      " + indicator + finding.detail());
            if (finding.sha256() != null) {
                out.accept("      sha256 " + finding.sha256() + ", " + finding.bytes() + " bytes");
            }
        });
        report.containers().forEach(this::container);
        report.volumes().forEach(this::volume);
        if (!report.unclaimedLogs().isEmpty()) {
            out.accept("");
            out.accept("logs of containers that are no more");
            logs(report.unclaimedLogs());
        }
        if (!report.complete()) {
            out.accept("");
            out.accept("NOT ALL WAS LOOKED AT");
            some(report.notes(), MOST_NOTES, note -> out.accept("  " + note));
        }
    }

    private static String where(Report report, Finding finding) {
        return report.containers().stream()
                .map(Report.Examined::identity)
                .filter(identity -> identity.id().equals(finding.container()))
                .findFirst()
                .map(ReportText::name)
                .orElse("volume");
    }

    private static String name(Identity identity) {
        String short12 = identity.id().substring(0, Math.min(12, identity.id().length()));
        String name = identity.pod() == null
                ? short12
                : identity.namespace() + "/" + identity.pod() + "/"
                        + (identity.sandbox() ? "(sandbox)" : Objects.requireNonNullElse(identity.name(), short12));
        return Names.printable(name);
    }

    private void container(Report.Examined examined) {
        Identity identity = examined.identity();
        out.accept("");
        out.accept("container " + name(identity));
        out.accept("  id       " + Names.printable(identity.id()) + " (" + identity.runtime()
                + (identity.scope().isEmpty() ? "" : " " + Names.printable(identity.scope())) + ")");
        if (identity.uid() != null) {
            out.accept("  pod uid  " + Names.printable(identity.uid()));
        }
        out.accept("  image    "
                + Names.printable(Stream.of(identity.image(), identity.imageDigest())
                        .filter(Objects::nonNull)
                        .distinct()
                        .collect(Collectors.joining("  "))));
        if (identity.created() != null) {
            out.accept("  created  " + identity.created());
        }
        examined.notes().forEach(note -> out.accept("  note     " + note));
        out.accept("  against " + examined.layers() + " layers of the image: " + examined.count(Change.How.ADDED)
                + " added, " + examined.count(Change.How.CHANGED) + " changed, "
                + examined.count(Change.How.DELETED) + " deleted");
        changes(examined.changes());
        logs(examined.logs());
    }

    private void volume(Report.PodVolume volume) {
        out.accept("");
        out.accept("volume " + volume.name() + " of "
                + Names.printable(
                        volume.pod() == null ? "pod " + volume.uid() : volume.namespace() + "/" + volume.pod())
                + ": " + volume.files().size() + " files");
        out.accept("  at " + volume.path());
        changes(volume.files());
    }

    private void changes(List<Change> changes) {
        List<Change> ordered = changes.stream()
                .sorted(Comparator.comparing((Change change) -> change.matches().isEmpty())
                        .thenComparing(change -> !change.setuid())
                        .thenComparing(
                                change -> !(change.executable() && change.kind().equals("file")))
                        .thenComparing(Change::path))
                .toList();
        some(
                ordered,
                MOST_CHANGES,
                change -> out.accept("    " + sign(change) + " " + change.path()
                        + (change.target() == null ? "" : " -> " + change.target())
                        + (change.how() == Change.How.DELETED
                                ? ""
                                : "  " + change.kind() + " " + change.mode() + " " + change.bytes() + " bytes")
                        + (change.sha256() == null ? "" : " " + change.sha256())));
    }

    private static String sign(Change change) {
        return switch (change.how()) {
            case ADDED -> "+";
            case CHANGED -> "~";
            case DELETED -> "-";
        };
    }

    private void logs(List<LogFile> logs) {
        some(logs, MOST_LOGS, log -> {
            out.accept("  log " + log.path() + "  " + log.bytes() + " bytes"
                    + (log.first() == null ? "" : "  " + log.first() + " to " + log.last()));
            out.accept("      " + (log.sha256() == null ? log.note() : "sha256 " + log.sha256()));
        });
    }

    private <T> void some(List<T> all, int most, Consumer<T> show) {
        all.stream().limit(most).forEach(show);
        if (all.size() > most) {
            out.accept("    … and " + (all.size() - most) + " more (--json has all)");
        }
    }
}
