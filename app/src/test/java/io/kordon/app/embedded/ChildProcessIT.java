package io.kordon.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessIT {
    private static final Duration SHORTLY = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Test
    void endsTheServerWhenItIsClosed() throws IOException {
        ChildProcess child = ChildProcess.start("sleeper", List.of("sleep", "600"), Map.of(), folder);
        ProcessHandle server = server();

        child.close();

        assertThat(server.isAlive()).isFalse();
        assertThat(folder.resolve("pid")).doesNotExist();
    }

    @Test
    void endsTheServerWhenItsParentIsKilled() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("parent.log").toFile())
                .start();
        ProcessHandle server = server();
        assertThat(server.isAlive()).isTrue();

        parent.destroyForcibly();

        await().atMost(SHORTLY).until(() -> !server.isAlive());
    }

    @Test
    void clearsAwayWhatAnEarlierRunLeft() throws IOException {
        Process left = new ProcessBuilder("sh", "-c", "sleep 600; : " + folder).start();
        Files.writeString(folder.resolve("pid"), Long.toString(left.pid()));

        try (ChildProcess child = ChildProcess.start("sleeper", List.of("sleep", "600"), Map.of(), folder)) {
            assertThat(left.isAlive()).isFalse();
            assertThat(child.alive()).isTrue();
        }
    }

    @Test
    void showsTheEndOfTheLogWhenTheServerEndsBeforeItIsReady() {
        try (ChildProcess child = ChildProcess.start(
                "failing server", List.of("sh", "-c", "echo out of luck; exit 3"), Map.of(), folder)) {
            assertThatThrownBy(() -> child.awaitReady(() -> false, SHORTLY))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("the failing server ended with exit code 3")
                    .hasMessageContaining("out of luck");
        }
    }

    private ProcessHandle server() throws IOException {
        Path pid = folder.resolve("pid");
        await().atMost(SHORTLY).until(() -> Files.exists(pid) && Files.size(pid) > 0);
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    /** A process that starts a server and is killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws InterruptedException {
            ChildProcess.start("sleeper", List.of("sleep", "600"), Map.of(), Path.of(arguments[0]));
            Thread.currentThread().join();
        }
    }
}
