package io.kordon.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kordon.evidence.EvidenceConfig.S3;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceStoresTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @Test
    void takesAFolderByItsPathOrItsAddress(@TempDir Path folder) throws IOException {
        String address = folder.resolve("evidence").toUri().toString();
        try (EvidenceStore byPath = EvidenceStores.open(EvidenceConfig.of(folder + "/evidence"), CLOCK);
                EvidenceStore byAddress = EvidenceStores.open(EvidenceConfig.of(address), CLOCK)) {
            assertThat(byPath.location("a/"))
                    .isEqualTo(byAddress.location("a/"))
                    .isEqualTo(address + "/a/");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s3://",
                "s3://B",
                "s3://bucket_name",
                "s3:bucket",
                "s3://bucket/a b",
                "s3://bucket/a/../b",
                "gs://bucket",
                "file://host/folder",
                "https://s3.example/bucket"
            })
    void refusesWhatIsNoStore(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvidenceStores.open(EvidenceConfig.of(address), CLOCK))
                .withMessageMatching("(?s).*(evidence store|s3://BUCKET|cannot be a key).*");
    }

    @Test
    void refusesToLockAFolder(@TempDir Path folder) {
        ObjectLock lock = new ObjectLock(ObjectLock.Mode.GOVERNANCE, Duration.ofDays(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvidenceStores.open(
                        new EvidenceConfig(folder.toString(), S3.DEFAULT, Optional.of(lock)), CLOCK))
                .withMessageContaining("object lock needs an s3:// store");
    }

    @Test
    void refusesHalfOfCredentialsAndNeverShowsTheSecret() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new S3(Optional.empty(), "", "key", "", false))
                .withMessageContaining("needs its secret key");
        assertThat(new S3(Optional.empty(), "", "key", "hidden", false).toString())
                .doesNotContain("hidden");
    }
}
