package io.kordon.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.app.embedded.EmbeddedStack.Ports;
import io.kordon.schemas.Topic;
import io.kordon.schemas.TopicAdmin;
import io.kordon.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedStack.class)
class EmbeddedStackIT {

    @Test
    void createsTheCatalogueOnceAndFindsItAgain(EmbeddedStack stack) throws InterruptedException {
        Topics topics = new Topics("stack-it.", 2);
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", stack.broker().bootstrapServers()))) {
            TopicAdmin catalogue = new TopicAdmin(admin);

            assertThat(catalogue.create(topics, (short) 1))
                    .containsExactlyInAnyOrderElementsOf(
                            topics.all().stream().map(Topic::name).toList());
            assertThat(catalogue.create(topics, (short) 1)).isEmpty();
            assertThatThrownBy(() -> catalogue.create(new Topics("stack-it.", 3), (short) 1))
                    .hasMessageContaining("stack-it.events.falco has 2 partitions");
        }
    }

    @Test
    void answersOnTheApisThatClientsUse(EmbeddedStack stack) {
        assertThat(Http.answers(stack.registry().url() + "/subjects")).isTrue();
        assertThat(Http.answers(stack.elasticsearch().url() + "/_cluster/health"))
                .isTrue();
    }

    @Test
    void namesThePortThatIsTaken(@TempDir Path data) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedRegistry.start(Servers.find(), data, taken.getLocalPort()))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " for the schema registry is taken");
        }
    }

    @Test
    void saysSoWhenTheServersAreNotThere(@TempDir Path data) {
        assertThatThrownBy(() -> EmbeddedStack.start(new Servers(data.resolve("nowhere")), data, Ports.ANY))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("build with ./mvnw package first");
    }
}
