package io.kordon.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of real processes, since it is about signals. */
@Timeout(value = 60)
class StopTest {

    @Test
    void endsAsItIsWhenItsPatienceIsOver() throws Exception {
        Process process = hanging(Duration.ofSeconds(1));
        ask(process);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @Test
    void secondSignalEndsAtOnce() throws Exception {
        Process process = hanging(Duration.ofHours(1));
        ask(process);
        assertThat(line(process)).isEqualTo("asked");
        while (!process.waitFor(200, TimeUnit.MILLISECONDS)) { // the first ones may come before it listens again
            ask(process);
        }
        assertThat(process.exitValue()).isEqualTo(143);
    }

    @Test
    void waitsUntilAllIsClosed() throws Exception {
        Process process = start(Duration.ofHours(1), "close");
        ask(process);
        assertThat(line(process)).isEqualTo("asked");
        assertThat(line(process)).isEqualTo("closed");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(143);
    }

    /** Not {@link Process#destroy()}, which closes its output, too. */
    private static void ask(Process process) {
        process.toHandle().destroy();
    }

    private Process hanging(Duration patience) throws IOException {
        return start(patience, "hang");
    }

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void clearAway() {
        started.forEach(Process::destroyForcibly);
    }

    private Process start(Duration patience, String then) throws IOException {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Hanging.class.getName(),
                        patience.toString(),
                        then)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        assertThat(line(process)).isEqualTo("up");
        return process;
    }

    private static String line(Process process) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int one = process.getInputStream().read();
                one >= 0 && one != '\n';
                one = process.getInputStream().read()) {
            line.append((char) one);
        }
        return line.toString();
    }

    /** Is asked to stop, and then closes or never does. */
    static final class Hanging {
        private Hanging() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Stop stop = new Stop(Duration.parse(arguments[0]))) {
                System.out.println("up");
                stop.await(() -> true);
                System.out.println("asked");
                if (arguments[1].equals("hang")) {
                    new CountDownLatch(1).await();
                }
                System.out.println("closed");
            }
        }
    }
}
