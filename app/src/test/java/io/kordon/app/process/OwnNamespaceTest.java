package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnNamespaceTest {
    @TempDir
    Path folder;

    @Test
    void isWhatIsSetElseWhatThePodIsToldElseWhatItsServiceAccountSays() throws IOException {
        Path file = Files.writeString(folder.resolve("namespace"), "from-file\n");
        Map<String, String> environment = Map.of("POD_NAMESPACE", "from-environment");

        assertThat(OwnNamespace.of("set", environment, file)).isEqualTo("set");
        assertThat(OwnNamespace.of("", environment, file)).isEqualTo("from-environment");
        assertThat(OwnNamespace.of("", Map.of(), file)).isEqualTo("from-file");
    }

    @Test
    void isUnknownOutsideACluster() throws IOException {
        assertThat(OwnNamespace.of("", Map.of(), folder.resolve("none"))).isNull();
        assertThat(OwnNamespace.of("", Map.of("POD_NAMESPACE", " "), Files.writeString(folder.resolve("empty"), "\n")))
                .isNull();
    }
}
