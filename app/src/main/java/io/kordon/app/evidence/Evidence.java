package io.kordon.app.evidence;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.evidence.BundleLimits;
import io.kordon.evidence.EvidenceBundles;
import io.kordon.evidence.EvidenceConfig;
import io.kordon.evidence.EvidenceConfig.S3;
import io.kordon.evidence.EvidenceStore;
import io.kordon.evidence.EvidenceStores;
import io.kordon.evidence.ObjectLock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The evidence store that the settings name. */
public final class Evidence {
    private Evidence() {}

    /**
     * Opens it; the caller closes it.
     *
     * @return empty where none is named
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    public static Optional<EvidenceStore> open(Settings settings, Clock clock) throws IOException {
        if (settings.get(KordonSettings.EVIDENCE_STORE).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(EvidenceStores.open(config(settings), clock));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the settings kordon.evidence.* are wrong", e);
        }
    }

    /**
     * Bundles in it, by way of the spool; the caller closes them before the store.
     *
     * @param origin {@code capture} or {@code inspect}
     */
    public static EvidenceBundles bundles(Settings settings, EvidenceStore store, String origin, Clock clock) {
        return new EvidenceBundles(
                store,
                Path.of(settings.get(KordonSettings.EVIDENCE_SPOOL_DIR)),
                BundleLimits.ofBytes(settings.get(KordonSettings.EVIDENCE_MAX_BUNDLE)),
                origin,
                clock);
    }

    private static EvidenceConfig config(Settings settings) {
        String endpoint = settings.get(KordonSettings.EVIDENCE_S3_ENDPOINT);
        return new EvidenceConfig(
                settings.get(KordonSettings.EVIDENCE_STORE),
                new S3(
                        endpoint.isEmpty() ? Optional.empty() : Optional.of(http(endpoint)),
                        settings.get(KordonSettings.EVIDENCE_S3_REGION),
                        settings.get(KordonSettings.EVIDENCE_S3_ACCESS_KEY),
                        settings.get(KordonSettings.EVIDENCE_S3_SECRET_KEY),
                        settings.get(KordonSettings.EVIDENCE_S3_PATH_STYLE)),
                lock(settings));
    }

    private static URI http(String endpoint) {
        URI address = URI.create(endpoint);
        if (address.getHost() == null || !String.valueOf(address.getScheme()).matches("https?")) {
            throw new IllegalArgumentException(
                    "kordon.evidence.s3-endpoint is '" + endpoint + "', not http://HOST:PORT or https://HOST:PORT");
        }
        return address;
    }

    private static Optional<ObjectLock> lock(Settings settings) {
        String mode = settings.get(KordonSettings.EVIDENCE_LOCK_MODE).toUpperCase(Locale.ROOT);
        Duration retention = Duration.ofDays(settings.get(KordonSettings.EVIDENCE_LOCK_DAYS));
        return switch (mode) {
            case "" -> Optional.empty();
            case "GOVERNANCE", "COMPLIANCE" -> Optional.of(new ObjectLock(ObjectLock.Mode.valueOf(mode), retention));
            default ->
                throw new IllegalArgumentException(
                        "kordon.evidence.lock-mode is '" + mode + "', not GOVERNANCE or COMPLIANCE");
        };
    }
}
