package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadedTest {
    @TempDir
    private Path folder;

    private final List<String> adopted = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Path file;
    private Reloaded<String> reloaded;

    @BeforeEach
    void load() throws IOException {
        file = Files.writeString(folder.resolve("file"), "one");
        reloaded = Reloaded.load("tls", this::read, adopted::add, new GatewayMetrics(registry));
    }

    private String read(FileReads reads) {
        String text = reads.text(file);
        if (text.isEmpty()) {
            throw new IllegalArgumentException("nothing in it");
        }
        return text.startsWith("@") ? reads.text(folder.resolve(text.substring(1))) : text;
    }

    @Test
    void waitsUntilAChangeHasStoodStillForTwoLooks() throws IOException {
        Files.writeString(file, "tw");
        reloaded.look();
        assertThat(reloaded.current()).isEqualTo("one");
        Files.writeString(file, "two");
        reloaded.look();
        assertThat(reloaded.current()).as("it is still being written").isEqualTo("one");
        reloaded.look();
        assertThat(reloaded.current()).isEqualTo("two");
        reloaded.look();
        assertThat(adopted).containsExactly("two");
    }

    @Test
    void judgesABadChangeOnceAndTakesTheNext() throws IOException {
        Files.writeString(file, "");
        lookThrice();
        lookThrice();
        assertThat(reloaded.current()).isEqualTo("one");
        assertThat(count("refused")).isEqualTo(1);
        assertThat(registry.get("kordon.gateway.files.refused").gauge().value()).isEqualTo(1);

        Files.writeString(file, "two");
        lookThrice();
        assertThat(reloaded.current()).isEqualTo("two");
        assertThat(registry.get("kordon.gateway.files.refused").gauge().value()).isZero();
    }

    @Test
    void followsFilesThatTheFileNames() throws IOException {
        Files.writeString(file, "@beside");
        lookThrice();
        assertThat(count("refused")).as("there is no such file yet").isEqualTo(1);
        Files.writeString(folder.resolve("beside"), "three");
        lookThrice();
        assertThat(reloaded.current()).isEqualTo("three");
        Files.writeString(folder.resolve("beside"), "four");
        lookThrice();
        assertThat(reloaded.current()).isEqualTo("four");
    }

    @Test
    void keepsWhatItHasWhenTheFileIsGoneAndWhenItComesBackTheSame() throws IOException {
        Files.delete(file);
        lookThrice();
        assertThat(reloaded.current()).isEqualTo("one");
        assertThat(registry.get("kordon.gateway.files.refused").gauge().value()).isEqualTo(1);
        Files.writeString(file, "one");
        lookThrice();
        assertThat(registry.get("kordon.gateway.files.refused").gauge().value()).isZero();
    }

    private void lookThrice() {
        reloaded.look();
        reloaded.look();
        reloaded.look();
    }

    private double count(String outcome) {
        return registry.get("kordon.gateway.reloads")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
