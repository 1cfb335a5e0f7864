package io.kordon.streams.topology;

import static io.kordon.streams.topology.Events.NOON;
import static io.kordon.streams.topology.Events.POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.Entity;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.Incident;
import io.kordon.avro.Level;
import io.kordon.avro.ObjectRef;
import io.kordon.avro.PrometheusEvent;
import io.kordon.schemas.EntityKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shipped correlations, run by the engine on what the senders write. */
class ShippedRulesTest {
    private final TopologyHarness kordon = new TopologyHarness(NOON);

    @AfterEach
    void close() {
        kordon.close();
    }

    @Test
    void tellsOfFiveSessionsInOnePodButNotOfFour() {
        for (int i = 0; i < 4; i++) {
            kordon.audit(exec(i, NOON.plusSeconds(60L * i)));
        }
        assertThat(kordon.incidents()).isEmpty();
        kordon.audit(exec(4, NOON.plusSeconds(240)));

        Incident incident = only(kordon.incidents());
        assertThat(incident.getTitle()).isEqualTo("Commands are executed in one pod again and again");
        assertThat(incident.getSeverity()).isEqualTo(Level.MEDIUM);
        assertThat(incident.getEvidence()).hasSize(5);
        assertThat(incident.getEntity().getName()).isEqualTo(POD);
    }

    @Test
    void tellsOfATokenThatIsReadAndThenUsedButNotTheOtherWayRound() {
        kordon.audit(secrets(1, NOON)).falco(tokenRead(NOON.plusSeconds(10)));
        assertThat(kordon.incidents()).isEmpty();
        kordon.audit(secrets(2, NOON.plusSeconds(20)));

        Incident incident = only(kordon.incidents());
        assertThat(incident.getTitle()).isEqualTo("A stolen service account token is used");
        assertThat(incident.getSeverity()).isEqualTo(Level.HIGH);
        assertThat(incident.getEvidence()).hasSize(2);
        assertThat(incident.getTactics()).contains("credential_access", "discovery");
        assertThat(kordon.commands()).as("high is not critical").isEmpty();
    }

    @Test
    void tellsOfAMinerAndContainsItOnceItIsAtWork() {
        kordon.falco(miner(NOON));
        assertThat(only(kordon.incidents()).getSeverity()).isEqualTo(Level.HIGH);
        assertThat(kordon.commands()).isEmpty();
        PrometheusEvent memory = Events.memory(0, NOON.plusSeconds(60), NOON.plusSeconds(90));
        kordon.alert(PrometheusEvent.newBuilder(memory)
                .setAlertname("CPUThrottlingHigh")
                .setLabels(Map.of("alertname", "CPUThrottlingHigh", "namespace", "tomcat", "pod", POD))
                .build());

        Incident incident = only(kordon.incidents());
        assertThat(incident.getSeverity()).isEqualTo(Level.CRITICAL);
        assertThat(incident.getTechniques()).contains("T1496.001");
        assertThat(kordon.commands()).hasSize(1);
    }

    private static Incident only(List<Incident> incidents) {
        assertThat(incidents).hasSize(1);
        return incidents.get(0);
    }

    private static FalcoEvent tokenRead(Instant time) {
        return FalcoEvent.newBuilder(Events.rce(time))
                .setRule("Read sensitive file untrusted")
                .setOutputFields(
                        Map.of("proc.name", "cat", "fd.name", "/var/run/secrets/kubernetes.io/serviceaccount/token"))
                .build();
    }

    private static FalcoEvent miner(Instant time) {
        return FalcoEvent.newBuilder(Events.rce(time))
                .setRule("Detect outbound connections to common miner pool ports")
                .setOutputFields(Map.of("proc.name", "xmrig"))
                .build();
    }

    private static AuditEvent exec(int number, Instant time) {
        Entity target = Events.entity(POD);
        return audit("exec-" + number, time)
                .setEntity(target)
                .setTarget(target)
                .setStage("ResponseStarted")
                .setVerb("create")
                .setUsername("mallory")
                .setResponseCode(101)
                .setObject(ObjectRef.newBuilder()
                        .setResource("pods")
                        .setSubresource("exec")
                        .setNamespace("tomcat")
                        .setName(POD)
                        .build())
                .build();
    }

    private static AuditEvent secrets(int number, Instant time) {
        Entity actor = EntityKey.podEntity("demo", "tomcat", POD, Events.UID).build();
        return audit("secrets-" + number, time)
                .setEntity(actor)
                .setActor(actor)
                .setStage("ResponseComplete")
                .setVerb("list")
                .setUsername("system:serviceaccount:tomcat:tomcat")
                .setExtra(Map.of("authentication.kubernetes.io/pod-name", List.of(POD)))
                .setResponseCode(200)
                .setObject(ObjectRef.newBuilder()
                        .setResource("secrets")
                        .setNamespace("tomcat")
                        .build())
                .build();
    }

    private static AuditEvent.Builder audit(String id, Instant time) {
        return AuditEvent.newBuilder()
                .setId(id + "/stage")
                .setAuditId(id)
                .setTime(time)
                .setReceivedAt(time.plus(Duration.ofSeconds(1)))
                .setOriginal("{}");
    }
}
