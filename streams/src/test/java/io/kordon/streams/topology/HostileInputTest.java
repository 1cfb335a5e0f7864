package io.kordon.streams.topology;

import static io.kordon.streams.topology.Events.GIB;
import static io.kordon.streams.topology.Events.NOON;
import static io.kordon.streams.topology.Events.POD;
import static io.kordon.streams.topology.Events.memory;
import static io.kordon.streams.topology.Events.rce;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.FalcoEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Input that is odd, but that somebody will send, and time that passes oddly. */
class HostileInputTest {
    private final TopologyHarness kordon = new TopologyHarness(NOON);

    @AfterEach
    void close() {
        kordon.close();
    }

    @Test
    void rejectsARecordThatIsCutShort() {
        kordon.falco(rce(NOON)) // makes the schema's id known, which is 1
                .bytes(TopologyHarness.TOPICS.falcoEvents(), "k", new byte[] {0, 0, 0, 0, 1, 20, 'a'})
                .bytes(TopologyHarness.TOPICS.falcoEvents(), "k", new byte[] {0, 0, 0, 0, 1, -1, -1, -1, -1, -1, -1})
                .alert(memory(3 * GIB, NOON, NOON));
        assertThat(kordon.incidents()).as("the next records are processed").hasSize(1);
    }

    @Test
    void takesAPodThatCannotBeDecodedAsUnknown() {
        byte[] garbage = "garbage".getBytes(StandardCharsets.UTF_8);
        kordon.bytes(TopologyHarness.TOPICS.pods(), "demo/tomcat/" + POD, garbage)
                .bytes(TopologyHarness.TOPICS.identities(), "demo/tomcat/" + POD, garbage)
                .falco(rce(NOON))
                .alert(memory(3 * GIB, NOON, NOON));
        assertThat(kordon.incidents())
                .singleElement()
                .satisfies(incident -> assertThat(incident.getEntity().getUid()).isNull());
        assertThat(kordon.metrics.counter("kordon.streams.pods.undecodable").count())
                .isPositive();
    }

    @Test
    void countsMicrosecondsBeyondTheYear2262() {
        Instant last = Instant.parse("9999-12-31T23:59:59.999999Z");
        assertThat(Micros.instant(Micros.of(last))).isEqualTo(last);
        Instant early = Instant.parse("0001-01-01T00:00:00.000001Z");
        assertThat(Micros.instant(Micros.of(early))).isEqualTo(early);
        kordon.falco(FalcoEvent.newBuilder(rce(NOON)).setTime(last).build()).alert(memory(3 * GIB, NOON, NOON));
        assertThat(kordon.incidents()).as("clamped to its receipt").hasSize(1);
    }

    @Test
    void letsNothingExpireWhileItWorksOffABacklog() {
        kordon.falco(rce(NOON));
        for (int i = 0; i < 120; i++) {
            kordon.falco(rce("other-" + i, NOON.plusMillis(i))).idle(Duration.ofSeconds(10));
        }
        kordon.alert(memory(3 * GIB, NOON.plusSeconds(60), NOON.plusSeconds(75)));
        assertThat(kordon.incidents()).as("received a minute after the other").hasSize(1);
    }
}
