package io.kordon.app.evidence;

import io.kordon.app.terminal.PrintableText;
import io.kordon.avro.Finding;
import io.kordon.avro.Level;
import java.util.List;

/** Findings as they travel: the worst, each bounded, so that an attacker's file names make no record too large to be sent. */
final class FindingRecords {
    static final int MOST = 100;
    private static final int LONGEST_PATH = 1_024;
    private static final int LONGEST_TEXT = 512;

    private FindingRecords() {}

    /**
     * The worst hundred.
     *
     * @param findings the worst first
     */
    static List<Finding> worst(List<io.kordon.evidence.inspect.Finding> findings) {
        return findings.stream().limit(MOST).map(FindingRecords::record).toList();
    }

    private static Finding record(io.kordon.evidence.inspect.Finding finding) {
        return Finding.newBuilder()
                .setKind(finding.kind())
                .setContainer(finding.container() == null ? null : bounded(finding.container(), LONGEST_TEXT))
                .setPath(bounded(finding.path(), LONGEST_PATH))
                .setSha256(finding.sha256())
                .setBytes(finding.bytes())
                .setIndicator(finding.indicator() == null ? null : bounded(finding.indicator(), LONGEST_TEXT))
                .setLevel(Level.valueOf(finding.level().name()))
                .setDetail(bounded(finding.detail(), LONGEST_TEXT))
                .build();
    }

    private static String bounded(String text, int most) {
        String printable = PrintableText.of(text);
        return printable.length() <= most ? printable : printable.substring(0, most - 1) + "…";
    }
}
