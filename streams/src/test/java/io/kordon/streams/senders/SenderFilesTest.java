package io.kordon.streams.senders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations that somebody copies must at least be what they seem to be. */
class SenderFilesTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");

    static List<Path> yaml() {
        return SenderFiles.all(file -> file.toString().matches(".*\\.ya?ml"));
    }

    static List<Path> readmes() {
        return SenderFiles.all(file -> file.endsWith("README.md"));
    }

    @ParameterizedTest
    @MethodSource("yaml")
    void areYamlWithoutAKeyThatOccursTwice(Path file) {
        assertThat(SenderFiles.documents(file)).isNotEmpty().doesNotContainNull();
    }

    @Test
    void areReadStrictly(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("twice.yaml"), "a: {b: 1, b: 2}\n");
        assertThatThrownBy(() -> SenderFiles.documents(file)).hasMessageContaining("duplicate key b");
    }

    @ParameterizedTest
    @MethodSource("readmes")
    void nameFilesThatAreThere(Path file) {
        Matcher link = LINK.matcher(SenderFiles.text(file));
        while (link.find()) {
            String target = link.group(1);
            if (!target.contains("://")) {
                assertThat(file.resolveSibling(target)).as("link in %s", file).exists();
            }
        }
    }

    /** Each folder says how it is installed; the index leads to it. */
    @Test
    void haveAReadmeEachThatTheIndexLeadsTo() throws IOException {
        String index = SenderFiles.text(SenderFiles.FOLDER.resolve("README.md"));
        try (var folders = Files.list(SenderFiles.FOLDER)) {
            assertThat(folders.filter(Files::isDirectory)).isNotEmpty().allSatisfy(folder -> {
                assertThat(folder.resolve("README.md")).exists();
                assertThat(index).contains("(" + folder.getFileName() + "/README.md)");
            });
        }
    }
}
