package io.kordon.app.embedded;

import io.kordon.app.access.RecordingAuthorizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** A broker behind SASL_SSL that allows nothing to anybody but its administrator: users by SCRAM-SHA-512, him by PLAIN. */
public final class SecuredBroker implements AutoCloseable {
    private static final String ADMIN = "admin";
    private static final String PASSWORD = "of-the-administrator";

    private final EmbeddedBroker broker;
    private final Path authority;

    public SecuredBroker(Path folder) throws Exception {
        TestAuthority ca = new TestAuthority(folder.resolve("ca"), "kafka-ca");
        ca.issue("broker");
        authority = Files.writeString(folder.resolve("ca.crt"), ca.certificate());
        Path keys = Files.writeString(folder.resolve("broker.pem"), ca.key("broker") + ca.chain("broker"));
        String plain = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + ADMIN
                + "\" password=\"" + PASSWORD + "\" user_" + ADMIN + "=\"" + PASSWORD + "\";";
        RecordingAuthorizer.forget();
        broker = EmbeddedBroker.start(
                folder.resolve("broker"),
                0,
                new EmbeddedBroker.Door(
                        "SASL_SSL",
                        Map.of(
                                "ssl.keystore.type",
                                "PEM",
                                "ssl.keystore.location",
                                keys.toString(),
                                "ssl.truststore.type",
                                "PEM",
                                "ssl.truststore.location",
                                authority.toString(),
                                "sasl.enabled.mechanisms",
                                "PLAIN,SCRAM-SHA-512",
                                "sasl.mechanism.inter.broker.protocol",
                                "PLAIN",
                                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                                plain,
                                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                                "authorizer.class.name",
                                RecordingAuthorizer.class.getName(),
                                // The controller's listener has no users: the broker comes to it as ANONYMOUS.
                                "super.users",
                                "User:" + ADMIN + ";User:ANONYMOUS")));
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Makes users, whose passwords {@link #client} knows. */
    public void addUsers(Collection<String> names) throws InterruptedException {
        List<UserScramCredentialAlteration> users = new ArrayList<>();
        for (String name : names) {
            users.add(new UserScramCredentialUpsertion(
                    name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096), password(name)));
        }
        try (Admin admin = Admin.create(administrator())) {
            admin.alterUserScramCredentials(users).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Client properties of a user, but for the brokers' address. */
    public Map<String, Object> client(String name) {
        return client("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule", name, password(name));
    }

    /** Client properties of who may do everything. */
    public Map<String, Object> administrator() {
        return client("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule", ADMIN, PASSWORD);
    }

    public Map<String, Object> client(String mechanism, String module, String name, String password) {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.toString(),
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                module + " required username=\"" + name + "\" password=\"" + password + "\";");
    }

    private static String password(String name) {
        return "of-" + name;
    }

    @Override
    public void close() {
        broker.close();
    }
}
