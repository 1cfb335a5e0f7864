package io.kordon.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import io.kordon.app.CommandRun;
import io.kordon.kubernetes.simulated.SimulatedCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent, and to whom. That a whole Kordon does what must come of it is in {@link EndToEndIT}. */
class ScenarioCommandTest {
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> answers = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private Path folder;

    private SimulatedCluster cluster;
    private HttpServer receiver;
    private String url;

    private record Request(String path, String authorization, String sender, String body) {}

    @BeforeEach
    void start() throws IOException {
        cluster = SimulatedCluster.start(0);
        cluster.seedTomcat();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        receiver.createContext("/", exchange -> {
            try (exchange) {
                requests.add(new Request(
                        exchange.getRequestURI().getPath(),
                        String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                        String.valueOf(exchange.getRequestHeaders().getFirst("X-Sender")),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
                byte[] said = "no, because".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answers.isEmpty() ? 200 : answers.remove(0), said.length);
                exchange.getResponseBody().write(said);
            }
        });
        receiver.start();
        url = "http://127.0.0.1:" + receiver.getAddress().getPort();
        Files.writeString(folder.resolve("kubeconfig"), """
            {"apiVersion": "v1", "kind": "Config", "current-context": "one",
             "clusters": [{"name": "one", "cluster": {"server": "%s"}}],
             "contexts": [{"name": "one", "context": {"cluster": "one", "user": "nobody"}}],
             "users": [{"name": "nobody", "user": {}}]}\
            """.formatted(cluster.url()));
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
        cluster.close();
    }

    @Test
    void postsAllThreeToTheGateway() {
        CommandRun run = run("--gateway=" + url);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(requests).extracting(Request::path).containsExactly("/v1/audit", "/v1/falco", "/v1/alertmanager");
        assertThat(requests).allMatch(request -> request.body().contains("tomcat-depl-89bb8c5c7-lspcw"));
    }

    @Test
    void givesEachReceiverItsOwnCredentialsOnly() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "s3cret\n");
        Path headers = Files.writeString(folder.resolve("headers"), "X-Sender: alerts\n\nAuthorization: Basic YTpi\n");

        CommandRun run = run(
                "--gateway=" + url, "--falco=" + url + "/", "--bearer=audit=" + token, "--headers=alerts=" + headers);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(requests)
                .extracting(Request::path, Request::authorization, Request::sender)
                .containsExactly(
                        tuple("/v1/audit", "Bearer s3cret", "null"),
                        tuple("/", "null", "null"),
                        tuple("/v1/alertmanager", "Basic YTpi", "alerts"));
        assertThat(run.err()).doesNotContain("s3cret").doesNotContain("YTpi");
    }

    @Test
    void leavesTheAlertToAPrometheusThatScrapesTheMemory() {
        CommandRun run = run("--gateway=" + url, "--memory-port=0", "--timeout=10ms");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(requests).extracting(Request::path).containsExactly("/v1/audit", "/v1/falco");
        assertThat(run.err()).contains("its memory is 2658500608 bytes, says :");
    }

    @Test
    void waitsForAReceiverThatIsNotReadyYet() {
        answers.add(503);

        assertThat(run("--falco=" + url + "/v1/falco").code()).isZero();
        assertThat(requests).extracting(Request::path).containsExactly("/v1/falco", "/v1/falco");
    }

    @Test
    void endsWithOneAndTheAnswerOfAReceiverThatRefuses() {
        answers.add(401);

        CommandRun run = run("--audit=" + url + "/v1/audit");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("/v1/audit answered 401 to audit events").contains("no, because");
    }

    @Test
    void saysThatThePodIsNotThere() {
        CommandRun run = run("--gateway=" + url, "--pod=tomcat/absent");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("there is no pod tomcat/absent");
        assertThat(requests).isEmpty();
    }

    @Test
    void takesTheFirstPodOfANameThatIsGeneratedElsewhere() {
        assertThat(run("--gateway=" + url, "--pod=shop/cart-*").code()).isZero();
        assertThat(requests).allMatch(request -> request.body().contains("cart-6d4cf56db6-9q7wz"));
        assertThat(run("--gateway=" + url, "--pod=shop/till-*").err())
                .contains("no pod runs in namespace shop whose name begins with 'till-'");
    }

    @Test
    void refusesOptionsThatCannotBeMeant() throws IOException {
        Path spaces = Files.writeString(folder.resolve("spaces"), "two wo-rds");
        Path broken = Files.writeString(folder.resolve("broken"), "Name: value\nwo-rds");

        assertThat(refusal()).contains("nobody to send to: name the gateway");
        assertThat(refusal("--gateway=localhost:8080")).contains("'localhost:8080' is no address of a receiver");
        assertThat(refusal("--alerts=" + url, "--memory-port=0")).contains("take one");
        assertThat(refusal("--gateway=" + url, "--memory-port=70000")).contains("--memory-port is 70000");
        assertThat(refusal("--gateway=" + url, "--pod=tomcat")).contains("write it as NAMESPACE/NAME");
        assertThat(refusal("--gateway=" + url, "--bearer=everybody=" + spaces)).contains("'everybody' is no sender");
        assertThat(refusal("--gateway=" + url, "--bearer=falco=" + spaces))
                .contains(spaces + " holds no token")
                .doesNotContain("wo-rds");
        assertThat(refusal("--gateway=" + url, "--headers=falco=" + broken))
                .contains("line 2 of " + broken)
                .doesNotContain("wo-rds");
        assertThat(refusal("--gateway=" + url, "--ca-file=" + broken)).contains(broken.toString());
        assertThat(requests).isEmpty();
    }

    @Test
    void needsKafkaToSeeWhatComesOfIt() {
        CommandRun run = CommandRun.of("scenario", "--gateway=" + url);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("kafka.bootstrap.servers is not set").contains("kordon.registry.url is not set");
    }

    private String refusal(String... options) {
        CommandRun run = run(options);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        return run.err();
    }

    private CommandRun run(String... options) {
        return CommandRun.of(Stream.concat(
                        Stream.of("scenario", "--post-only", "--kubeconfig=" + folder.resolve("kubeconfig")),
                        Arrays.stream(options))
                .toArray(String[]::new));
    }
}
