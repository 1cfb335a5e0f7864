package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One of Kordon's processes as its users run it: a JVM of its own, which logs in ECS. */
final class KordonProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final String name;
    private final Process process;
    private final Path log;
    private final URI operations;

    private KordonProcess(String name, Process process, Path log, URI operations) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.operations = operations;
    }

    /** @param arguments after the command's name, as {@code --set} and {@code kordon.cluster=it} */
    static KordonProcess start(String command, Path folder, String... arguments) throws IOException {
        int port = freePort();
        Path log = Files.createTempFile(folder, command, ".log");
        List<String> line = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx320m",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.kordon.avro",
                "-Dkordon.home=" + System.getProperty("kordon.home"),
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Kordon.class.getName(),
                command,
                "--set",
                "kordon.metrics.host=127.0.0.1",
                "--set",
                "kordon.metrics.port=" + port));
        line.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectError(log.toFile()).redirectOutput(log.toFile());
        builder.environment().put("KORDON_LOG_FORMAT", "ecs");
        return new KordonProcess(command, builder.start(), log, URI.create("http://127.0.0.1:" + port));
    }

    /** A port that is free now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    KordonProcess awaitReady() {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(200)).until(() -> {
            assertThat(process.isAlive())
                    .as("%s runs; its log:\n%s", name, log())
                    .isTrue();
            return ready();
        });
        return this;
    }

    boolean ready() {
        return status(operations.resolve("/readyz")) == 200;
    }

    String metrics() throws IOException, InterruptedException {
        return get(operations.resolve("/metrics")).body();
    }

    URI operations() {
        return operations;
    }

    void terminate() {
        process.destroy();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Its exit code, once it has ended by itself. */
    int awaitEnd(Duration limit) throws InterruptedException, IOException {
        assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                .as("%s ends within %s; its log:\n%s", name, limit, log())
                .isTrue();
        return process.exitValue();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Its log, each line of which must be a JSON object. */
    List<JsonNode> logged() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    static int status(URI uri) {
        try {
            return get(uri).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        BodyHandlers.ofString());
    }

    /** Flags that are settings. */
    static String[] flags(Map<String, String> settings) {
        return settings.entrySet().stream()
                .flatMap(each -> List.of("--set", each.getKey() + "=" + each.getValue()).stream())
                .toArray(String[]::new);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
