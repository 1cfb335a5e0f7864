package io.kordon.app.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kordon.app.config.Settings;
import io.kordon.app.process.SettingsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that knows its clients by their certificates, of an old authority and of the next one. */
class CertificateRotationIT {
    private static final String TOPIC = "rotated";

    @TempDir
    private Path folder;

    @Test
    void showsTheNextCertificateWithoutANewClient() throws Exception {
        TestAuthority old = new TestAuthority(folder.resolve("ca"), "old");
        old.issue("broker");
        old.issue("before");
        TestAuthority next = new TestAuthority(folder.resolve("ca"), "next");
        next.issue("after");
        write("ca.crt", old.certificate() + next.certificate());
        write("broker.pem", old.key("broker") + old.chain("broker"));
        write("tls.crt", old.chain("before"));
        write("tls.key", old.key("before"));
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0, door())) {
            try (Admin admin = Admin.create(client(broker, "broker.pem"))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get();
                admin.createAcls(List.of(new AclBinding(
                                new ResourcePattern(ResourceType.TOPIC, TOPIC, PatternType.LITERAL),
                                new AccessControlEntry(
                                        "User:CN=after", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW))))
                        .all()
                        .get();
            }
            try (Admin client = Admin.create(client(broker, "tls.crt", "tls.key"))) {
                assertThatThrownBy(() -> client.describeTopics(List.of(TOPIC))
                                .allTopicNames()
                                .get())
                        .hasRootCauseInstanceOf(TopicAuthorizationException.class);

                write("tls.crt", next.chain("after"));
                write("tls.key", next.key("after"));
                await().atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofSeconds(2)) // longer than the broker keeps an idle connection
                        .ignoreExceptions()
                        .until(() -> client.describeTopics(List.of(TOPIC))
                                .allTopicNames()
                                .get()
                                .containsKey(TOPIC));
            }
        }
    }

    private EmbeddedBroker.Door door() {
        return new EmbeddedBroker.Door(
                "SSL",
                Map.of(
                        "ssl.client.auth", "required",
                        "ssl.keystore.type", "PEM",
                        "ssl.keystore.location", folder.resolve("broker.pem").toString(),
                        "ssl.truststore.type", "PEM",
                        "ssl.truststore.location", folder.resolve("ca.crt").toString(),
                        "connections.max.idle.ms", "1000",
                        "authorizer.class.name", StandardAuthorizer.class.getName(),
                        "super.users", "User:CN=broker;User:ANONYMOUS"));
    }

    /** As the settings of a process give it. */
    private Map<String, Object> client(EmbeddedBroker broker, String... files) {
        return SettingsOptions.kafka(Settings.load(
                null,
                Map.of(),
                Map.of(
                        "kafka.bootstrap.servers",
                        broker.bootstrapServers(),
                        "kafka.security.protocol",
                        "SSL",
                        "kafka.ssl.truststore.type",
                        "PEM",
                        "kafka.ssl.truststore.location",
                        folder.resolve("ca.crt").toString(),
                        "kafka.ssl.keystore.type",
                        "PEM",
                        "kafka.ssl.keystore.location",
                        List.of(files).stream()
                                .map(file -> folder.resolve(file).toString())
                                .collect(Collectors.joining(",")))));
    }

    private void write(String name, String content) throws Exception {
        Files.writeString(folder.resolve(name), content);
    }
}
