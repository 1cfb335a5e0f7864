package io.kordon.app.evidence;

import io.kordon.avro.EvidenceBundle;
import io.kordon.evidence.BundleWriter;
import io.kordon.evidence.Bundles;
import io.kordon.evidence.Bundles.BundleId;
import io.kordon.evidence.Bundles.Sealed;
import io.kordon.evidence.inspect.ReportJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The report of an inspection as a bundle of its incident: {@code report.json}, and {@code indicators.txt} with what was
 * looked for.
 */
final class InspectionBundle {
    static final String ORIGIN = "inspect";
    private static final int MOST_NOTES = 100;

    private final String root;
    private final byte[] report;
    private final String indicators;
    private final List<String> notes;

    /**
     * A bundle to be sealed.
     *
     * @param root what was inspected
     * @param report JSON
     * @param indicators the list; empty for none
     * @param notes what could not be looked at
     */
    InspectionBundle(String root, byte[] report, String indicators, List<String> notes) {
        this.root = root;
        this.report = report.clone();
        this.indicators = indicators;
        this.notes = List.copyOf(notes);
    }

    /** Seals it, unless the same report of the same incident is sealed already. */
    EvidenceBundle seal(Bundles bundles, String cluster, String incident) throws IOException {
        BundleId id =
                new BundleId(cluster, incident, ORIGIN + "-" + digest(report).substring(0, 32));
        Optional<Sealed> before = bundles.sealed(id);
        return entry(before.isPresent() ? before.orElseThrow() : write(bundles, id));
    }

    private Sealed write(Bundles bundles, BundleId id) throws IOException {
        try (BundleWriter writer = bundles.begin(id)) {
            add(writer, "report.json", Map.of("format", ReportJson.FORMAT), report);
            if (!indicators.isEmpty()) {
                add(writer, "indicators.txt", Map.of(), indicators.getBytes(StandardCharsets.UTF_8));
            }
            notes.stream().limit(MOST_NOTES).forEach(note -> writer.missing("volume", root, note));
            return writer.seal();
        }
    }

    private void add(BundleWriter writer, String name, Map<String, String> facts, byte[] content) throws IOException {
        BundleWriter.Added added = writer.add(name, root, facts, new ByteArrayInputStream(content), content.length);
        if (added.truncated() || added.bytes() != content.length) {
            throw new IOException(name + " was not taken whole: " + added.bytes() + " of " + content.length + " bytes");
        }
    }

    private static EvidenceBundle entry(Sealed sealed) {
        return EvidenceBundle.newBuilder()
                .setLocation(sealed.location())
                .setDigest(sealed.digest())
                .setPrevious(sealed.previous().orElse(null))
                .setOrigin(ORIGIN)
                .setFiles(sealed.files())
                .setBytes(sealed.bytes())
                .setMissing(sealed.missing())
                .setSealedAt(sealed.sealedAt())
                .build();
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
