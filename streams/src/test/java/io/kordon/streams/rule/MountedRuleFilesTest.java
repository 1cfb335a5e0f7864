package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountedRuleFilesTest {
    private static final String RULE = """
            title: A shell
            name: a_shell
            logsource: {product: falco}
            detection: {selection: {rule: shell}, condition: selection}
            level: high
            """;

    @TempDir
    private Path folder;

    /** As a kubelet lays it out: KEY -> ..data/KEY, ..data -> ..TIME. */
    @Test
    void readsAFileOfAMountedConfigMapOnce() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("..2026_11_25_19_00_00.123"));
        Files.writeString(kept.resolve("a.yml"), RULE);
        Files.createSymbolicLink(folder.resolve("..data"), kept.getFileName());
        Files.createSymbolicLink(folder.resolve("a.yml"), Path.of("..data", "a.yml"));

        RuleSet rules = RuleFiles.load(List.of(folder));

        assertThat(rules.problems()).isEmpty();
        assertThat(rules.detections()).hasSize(1);
    }
}
