package io.kordon.streams.topology;

import io.kordon.avro.EvidenceBundle;
import io.kordon.streams.incident.Bundle;
import io.kordon.streams.incident.Dossier;
import io.kordon.streams.incident.Finding;
import io.kordon.streams.rule.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was kept and found, between its records and the core's values. */
final class DossierRecords {
    private DossierRecords() {}

    static Dossier dossier(List<EvidenceBundle> bundles, List<io.kordon.avro.Finding> findings, long omitted) {
        return new Dossier(
                bundles.stream().map(DossierRecords::known).toList(),
                findings.stream().map(DossierRecords::finding).toList(),
                omitted);
    }

    /** What one decision brings. */
    static Dossier attached(@Nullable EvidenceBundle bundle, List<io.kordon.avro.Finding> findings) {
        return dossier(bundle == null ? List.of() : List.of(bundle), findings, 0);
    }

    static EvidenceBundle record(Bundle bundle) {
        return EvidenceBundle.newBuilder()
                .setLocation(bundle.location())
                .setDigest(bundle.digest())
                .setPrevious(bundle.previous())
                .setOrigin(bundle.origin())
                .setFiles(bundle.files())
                .setBytes(bundle.bytes())
                .setMissing(bundle.missing())
                .setSealedAt(Micros.instant(bundle.sealedAt()))
                .build();
    }

    static @Nullable Bundle bundle(@Nullable EvidenceBundle record) {
        return record == null ? null : known(record);
    }

    private static Bundle known(EvidenceBundle record) {
        return new Bundle(
                record.getLocation(),
                record.getDigest(),
                record.getPrevious(),
                record.getOrigin(),
                record.getFiles(),
                record.getBytes(),
                record.getMissing(),
                Micros.of(record.getSealedAt()));
    }

    static io.kordon.avro.Finding record(Finding finding) {
        return io.kordon.avro.Finding.newBuilder()
                .setKind(finding.kind())
                .setContainer(finding.container())
                .setPath(finding.path())
                .setSha256(finding.sha256())
                .setBytes(finding.bytes())
                .setIndicator(finding.indicator())
                .setLevel(SignalRecords.level(finding.level()))
                .setDetail(finding.detail())
                .build();
    }

    private static Finding finding(io.kordon.avro.Finding record) {
        return new Finding(
                record.getKind(),
                record.getContainer(),
                record.getPath(),
                record.getSha256(),
                record.getBytes(),
                record.getIndicator(),
                level(record.getLevel()),
                record.getDetail());
    }

    /** A level of a newer release, or none, is no reason for alarm by itself. */
    private static Level level(io.kordon.avro.Level level) {
        return level == io.kordon.avro.Level.UNKNOWN ? Level.INFORMATIONAL : Level.valueOf(level.name());
    }
}
