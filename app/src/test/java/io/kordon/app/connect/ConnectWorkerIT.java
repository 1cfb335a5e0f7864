package io.kordon.app.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.kordon.app.demo.Incidents;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.avro.Incident;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.TopicAdmin;
import io.kordon.schemas.Topics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A worker and an Elasticsearch that says what it is told to: what the worker knows, Elasticsearch is told, and Connect's topic
 * and REST API do not show; what failed is started again.
 */
@ExtendWith(SharedStack.class)
class ConnectWorkerIT {
    private static final String SECRET = "hush${x}\"\\";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Set<String> authorizations = ConcurrentHashMap.newKeySet();
    private volatile int status = 200;
    private HttpServer elasticsearch;

    @BeforeEach
    void start() throws Exception {
        elasticsearch = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elasticsearch.createContext("/", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            exchange.getRequestBody().readAllBytes();
            byte[] answer = "{\"acknowledged\":true}".getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("X-Elastic-Product", "Elasticsearch");
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : answer.length);
            if (!head) {
                exchange.getResponseBody().write(answer);
            }
            exchange.close();
        });
        elasticsearch.start();
    }

    @AfterEach
    void stop() {
        elasticsearch.stop(0);
    }

    @Test
    void keepsSecretsOutOfItsTopicAndItsApi(EmbeddedStack stack) throws Exception {
        Topics topics = new Topics("connect-secrets-it.", 1);
        Map<String, Object> kafka = prepared(stack, topics);
        ConnectConfig config = config(stack);
        try (ConnectWorker worker = ConnectWorker.start(config, topics, kafka)) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(worker.problem()).isEmpty());
            String signedIn = "Basic " + Base64.getEncoder().encodeToString(("kordon:" + SECRET).getBytes(UTF_8));
            await().atMost(Duration.ofSeconds(30)).until(() -> authorizations.contains(signedIn));
            assertThat(authorizations).containsExactly(signedIn);

            String shown = get(worker.url().resolve("/connectors/" + ConnectConfig.CONNECTOR))
                    + get(worker.url().resolve("/connectors/" + ConnectConfig.CONNECTOR + "/tasks"));
            assertThat(shown)
                    .contains("${kordon:elasticsearch.password}", "${kordon:value.registry.basic.auth.user.info}")
                    .doesNotContain("hush");
            assertThat(written(kafka, "connect-secrets-it.connect-configs"))
                    .anySatisfy(record ->
                            assertThat(record).contains("elasticsearch.urls", "${kordon:elasticsearch.password}"))
                    .noneMatch(record -> record.contains("hush"));
        }
    }

    @Test
    void startsTheSinkAgainThatHasFailed(EmbeddedStack stack) throws Exception {
        Topics topics = new Topics("connect-revive-it.", 1);
        Map<String, Object> kafka = prepared(stack, topics);
        status = 400; // refused templates are nothing to wait for: the task ends
        try (ConnectWorker worker = ConnectWorker.start(config(stack), topics, kafka, Duration.ofSeconds(2))) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(worker.problem()).contains("FAILED"));

            status = 200;

            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(worker.problem()).isEmpty());
        }
    }

    private ConnectConfig config(EmbeddedStack stack) {
        return new ConnectConfig(
                "connect",
                "127.0.0.1",
                0,
                "",
                1,
                1,
                Map.of(
                        "elasticsearch.urls",
                        "http://127.0.0.1:" + elasticsearch.getAddress().getPort(),
                        "elasticsearch.username",
                        "kordon",
                        "elasticsearch.password",
                        SECRET),
                Map.of(
                        "schema.registry.url",
                        stack.registry().url(),
                        "basic.auth.credentials.source",
                        "USER_INFO",
                        "basic.auth.user.info",
                        "kordon:" + SECRET));
    }

    private static Map<String, Object> prepared(EmbeddedStack stack, Topics topics) throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", stack.broker().bootstrapServers());
        try (Admin admin = Admin.create(kafka)) {
            new TopicAdmin(admin).create(topics, (short) 1);
        }
        send(kafka, topics, AvroSerdes.registry(stack.registry().url()));
        return kafka;
    }

    /** The sink signs in when it has something to write. */
    private static void send(Map<String, Object> kafka, Topics topics, AvroSerdes serdes) throws Exception {
        try (KafkaProducer<String, Incident> producer =
                new KafkaProducer<>(kafka, new StringSerializer(), serdes.<Incident>serializer())) {
            Incident incident = Incidents.contained();
            producer.send(new ProducerRecord<>(topics.incidents().name(), incident.getId(), incident))
                    .get();
        }
    }

    private static String get(URI address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .body();
    }

    private static List<String> written(Map<String, Object> kafka, String topic) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("auto.offset.reset", "earliest");
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<String> written = new ArrayList<>();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    written.add(record.value() == null ? "" : new String(record.value(), UTF_8));
                }
            }
            return written;
        }
    }
}
