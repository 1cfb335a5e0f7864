package io.kordon.evidence.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a reader should see first.
 *
 * @param kind {@code indicator}: on the list of what is looked for; {@code executable}: can be run and is not the image's;
 *     {@code added}, {@code changed}: all else
 * @param container its id; null for a volume of a pod
 * @param path as the container sees it; of a volume, as the node does
 */
public record Finding(
        String kind,
        @Nullable String container,
        String path,
        @Nullable String sha256,
        long bytes,
        @Nullable String indicator,
        Level level,
        String detail) {

    /** How bad it is, the worst first. By their names those of rules. */
    public enum Level {
        CRITICAL,
        HIGH,
        MEDIUM,
        LOW,
        INFORMATIONAL
    }

    /** The worst first, then by place: the same volume gives the same order. */
    public static final Comparator<Finding> WORST_FIRST = Comparator.comparing((Finding finding) -> finding.level())
            .thenComparing(finding -> rank(finding.kind()))
            .thenComparing(finding -> finding.container() == null ? "" : finding.container())
            .thenComparing(Finding::path)
            .thenComparing(finding -> finding.indicator() == null ? "" : finding.indicator());

    private static int rank(String kind) {
        return List.of("indicator", "executable", "added", "changed").indexOf(kind);
    }

    /** What a change means: a finding for each indicator, else one. */
    static List<Finding> of(@Nullable String container, String path, Change change) {
        List<Finding> findings = new ArrayList<>();
        for (Indicators.Match match : change.matches()) {
            findings.add(new Finding(
                    "indicator",
                    container,
                    path,
                    change.sha256(),
                    change.bytes(),
                    match.indicator(),
                    match.content() ? Level.CRITICAL : Level.HIGH,
                    (match.content() ? "content" : "path") + " is on the list; " + facts(change)));
        }
        if (findings.isEmpty()) {
            findings.add(new Finding(
                    kind(change),
                    container,
                    path,
                    change.sha256(),
                    change.bytes(),
                    null,
                    level(change),
                    facts(change)));
        }
        return findings;
    }

    private static String kind(Change change) {
        if (change.executable() && change.kind().equals("file")) {
            return "executable";
        }
        return change.how() == Change.How.ADDED ? "added" : "changed";
    }

    private static Level level(Change change) {
        if (change.setuid() || change.kind().endsWith("device")) {
            return Level.HIGH;
        }
        if (change.executable() && change.kind().equals("file")) {
            return Level.MEDIUM;
        }
        return change.how() == Change.How.CHANGED ? Level.LOW : Level.INFORMATIONAL;
    }

    private static String facts(Change change) {
        return switch (change.how()) {
            case DELETED -> "deleted from the image";
            case ADDED, CHANGED ->
                (change.how() == Change.How.ADDED ? "added " : "changed ")
                        + (change.setuid() ? "setuid or setgid " : "")
                        + (change.executable() && change.kind().equals("file") ? "executable " : "")
                        + change.kind()
                        + ", mode "
                        + change.mode()
                        + (change.modified() == null ? "" : ", modified " + change.modified())
                        + (change.note().isEmpty() ? "" : "; " + change.note());
        };
    }
}
