package io.kordon.streams.topology;

import static io.kordon.streams.topology.Events.GIB;
import static io.kordon.streams.topology.Events.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Approval;
import io.kordon.avro.Command;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.GuardState;
import io.kordon.avro.Mode;
import io.kordon.avro.Owner;
import io.kordon.avro.PrometheusEvent;
import io.kordon.avro.Result;
import io.kordon.avro.Step;
import io.kordon.avro.StepStatus;
import io.kordon.schemas.EntityKey;
import io.kordon.streams.response.BudgetLedger;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.Budgets.Outcome;
import io.kordon.streams.response.Budgets.Ruling;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** A flood of incidents meets the budgets of its cluster. */
class GuardTest {
    private static final int PODS = 500;
    private static final int NAMESPACES = 50;

    @Test
    void letsExactlyTheLimitThroughAndSaysOfTheRestThatItWaits() {
        try (TopologyHarness kordon = new TopologyHarness(NOON.plus(Duration.ofMinutes(5)))) {
            flood(kordon);
            List<TestRecord<String, Command>> commands = kordon.commands();
            List<TestRecord<String, Result>> results = kordon.results();

            assertThat(commands).hasSize(Budgets.DEFAULT.perCluster());
            assertThat(results).hasSize(PODS - Budgets.DEFAULT.perCluster());
            assertThat(commands)
                    .allSatisfy(command -> assertThat(command.key())
                            .isEqualTo(command.value().getEntity().getKey()));
            assertThat(results).allSatisfy(record -> {
                Result result = record.value();
                assertThat(record.key()).isEqualTo(result.getKey());
                assertThat(result.getStep()).isEqualTo(-1);
                assertThat(result.getAction()).isEqualTo("run");
                assertThat(result.getStatus()).isEqualTo(StepStatus.WAITING);
                assertThat(result.getDetail()).contains("is used up");
                assertThat(result.getEntity().getKey()).isEqualTo(result.getKey());
            });
            Set<String> ids = new HashSet<>();
            commands.forEach(command -> ids.add(command.value().getId()));
            results.forEach(result -> ids.add(result.value().getCommandId()));
            assertThat(ids).as("each command either runs or waits").hasSize(PODS);
            assertThat(count(kordon, "admitted")).isEqualTo(Budgets.DEFAULT.perCluster());
            assertThat(count(kordon, "held")).isEqualTo(PODS - Budgets.DEFAULT.perCluster());
        }
    }

    @Test
    void countsEachNamespaceAndEachWorkloadByItself() {
        Map<String, Integer> admitted = new HashMap<>();
        BudgetLedger ledger = BudgetLedger.EMPTY;
        Budgets budgets = new Budgets(Duration.ofMinutes(10), -1, 5, 2);
        for (int i = 0; i < PODS; i++) {
            Command command = command(i, "ns-" + i % 4, i % 8 < 4 ? "cart" : "web");
            Ruling ruling = budgets.admit(ledger, GuardRecords.request(command, Long.MAX_VALUE));
            ledger = ruling.ledger();
            if (ruling.outcome() == Outcome.ADMITTED) {
                admitted.merge(
                        command.getEntity().getNamespace() + "/"
                                + command.getWorkload().getName(),
                        1,
                        Integer::sum);
            }
        }
        assertThat(admitted)
                .hasSize(8)
                .allSatisfy((workload, count) -> assertThat(count).isEqualTo(2));
    }

    @Test
    void remembersWhatWasGrantedThroughARestart() throws IOException {
        BudgetLedger kept = BudgetLedger.EMPTY;
        BudgetLedger restarted = BudgetLedger.EMPTY;
        for (int i = 0; i < 60; i++) {
            Budgets.Request request =
                    GuardRecords.request(command(i, "ns-" + i % 3, i % 2 == 0 ? "cart" : null), Long.MAX_VALUE);
            Ruling one = Budgets.DEFAULT.admit(kept, request);
            Ruling other = Budgets.DEFAULT.admit(restarted, request);
            assertThat(other).isEqualTo(one);
            kept = one.ledger();
            restarted = throughBytes(other.ledger());
        }
        assertThat(kept.containments()).hasSize(Budgets.DEFAULT.perCluster());
    }

    @Test
    void asksAsTheCommandSays() {
        Command command = command(1, "shop", "cart");
        assertThat(GuardRecords.request(command, Long.MAX_VALUE))
                .isEqualTo(
                        new Budgets.Request("inc-1", "shop", "Deployment/cart", false, false, false, micros(command)));
        command.setMode(Mode.DRY_RUN);
        command.setWorkload(null);
        command.setApproval(Approval.newBuilder()
                .setDecisionId("dec-1")
                .setBy("alice")
                .setAt(NOON)
                .build());
        assertThat(GuardRecords.request(command, 7))
                .as("nobody asks in the future")
                .isEqualTo(new Budgets.Request("inc-1", "shop", null, false, true, true, 7));
        command.setSteps(List.of(step("capture", Map.of()), step("label", Map.of())));
        assertThat(GuardRecords.request(command, 7).harmless()).isTrue();
        command.setSteps(List.of(step("capture", Map.of()), step("label", Map.of("labels", "app=none"))));
        assertThat(GuardRecords.request(command, 7).harmless())
                .as("a pod leaves its Service by such a label")
                .isFalse();
    }

    private static void flood(TopologyHarness kordon) {
        for (int i = 0; i < PODS; i++) {
            String namespace = "ns-" + i % NAMESPACES;
            String pod = "pod-" + i;
            var entity =
                    EntityKey.podEntity(Events.CLUSTER, namespace, pod, null).build();
            FalcoEvent falco = Events.rce(pod, NOON.plusMillis(i));
            falco.setEntity(entity);
            PrometheusEvent alert =
                    Events.memory(pod, 3 * GIB, NOON, NOON.plusSeconds(60).plusMillis(i));
            alert.setEntity(entity);
            alert.setLabels(Map.of("alertname", "PodMemoryAbove2GiB", "namespace", namespace, "pod", pod));
            kordon.falco(falco).alert(alert);
        }
    }

    private static double count(TopologyHarness kordon, String outcome) {
        return kordon.metrics
                .get("kordon.guard.commands")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static Command command(int i, String namespace, String workload) {
        return Command.newBuilder()
                .setId("cmd-" + i)
                .setIncidentId("inc-" + i)
                .setKey("demo/" + namespace + "/pod-" + i)
                .setPlaybook("p")
                .setMode(Mode.AUTOMATIC)
                .setEntity(
                        EntityKey.podEntity("demo", namespace, "pod-" + i, null).build())
                .setSteps(List.of(Step.newBuilder().setAction("isolate").build()))
                .setFirstEvidenceAt(NOON)
                .setIssuedAt(NOON.plusSeconds(i))
                .setExpiresAt(NOON.plusSeconds(3_600))
                .setWorkload(workload == null ? null : new Owner("Deployment", workload, "u", true))
                .build();
    }

    private static Step step(String action, Map<String, String> parameters) {
        return Step.newBuilder().setAction(action).setParameters(parameters).build();
    }

    private static long micros(Command command) {
        return Micros.of(command.getIssuedAt());
    }

    private static BudgetLedger throughBytes(BudgetLedger ledger) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new SpecificDatumWriter<>(GuardState.class).write(GuardRecords.record(ledger), encoder);
        encoder.flush();
        return GuardRecords.ledger(new SpecificDatumReader<>(GuardState.class)
                .read(null, DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null)));
    }
}
