package io.kordon.streams.topology;

import static io.kordon.streams.topology.Events.GIB;
import static io.kordon.streams.topology.Events.NOON;
import static io.kordon.streams.topology.Events.POD;
import static io.kordon.streams.topology.Events.UID;
import static io.kordon.streams.topology.Events.memory;
import static io.kordon.streams.topology.Events.pod;
import static io.kordon.streams.topology.Events.rce;
import static io.kordon.streams.topology.Events.resolved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kordon.avro.Command;
import io.kordon.avro.EntityState;
import io.kordon.avro.Evidence;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Level;
import io.kordon.avro.PrometheusEvent;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import io.kordon.schemas.AvroSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KordonTopologyTest {
    private static final Instant HOURS_AGO = NOON.minus(Duration.ofHours(5));

    private final TopologyHarness kordon = new TopologyHarness(NOON);

    @AfterEach
    void close() {
        kordon.close();
    }

    @Test
    void makesOneCriticalIncidentAndOneCommandOfTheExample() {
        kordon.pod(pod(POD, UID, HOURS_AGO))
                .falco(rce(NOON))
                .alert(memory(2.658500608e9, NOON.plusSeconds(60), NOON.plusSeconds(75)));

        Incident incident = onlyIncident();
        assertThat(incident.getSeverity()).isEqualTo(Level.CRITICAL);
        assertThat(incident.getScore()).isBetween(85.0, 100.0);
        double innocent = incident.getContributions().stream()
                .mapToDouble(each -> 1 - each.getWeight() / 100)
                .reduce(1, (a, b) -> a * b);
        assertThat(incident.getScore()).isCloseTo(100 * (1 - innocent), within(1e-9));
        assertThat(incident.getEvidence())
                .extracting(Evidence::getOriginal)
                .containsExactlyInAnyOrder(
                        rce(NOON).getOriginal(), memory(0, NOON, NOON).getOriginal());
        assertThat(incident.getTechniques()).contains("T1190", "T1496");
        assertThat(incident.getEntity().getUid()).as("from the inventory").isEqualTo(UID);
        assertThat(incident.getContext().getOwners().get(0).getKind()).isEqualTo("ReplicaSet");
        assertThat(incident.getTimeline().getDetectedAt()).isEqualTo(NOON.plusSeconds(75));

        List<TestRecord<String, Command>> commands = kordon.commands();
        assertThat(commands).hasSize(1);
        assertThat(commands.get(0).key()).isEqualTo("demo/tomcat/" + POD);
        assertThat(commands.get(0).value().getEntity().getUid()).isEqualTo(UID);
        assertThat(commands.get(0).value().getSteps())
                .extracting(step -> step.getAction())
                .containsExactly("label", "cordon", "detach", "isolate", "capture");
        assertThat(kordon.signals())
                .hasSize(2)
                .allSatisfy(signal -> assertThat(signal.key()).isEqualTo("demo/tomcat/" + POD));
    }

    @Test
    void givesTheSameIncidentInTheOtherOrder() {
        FalcoEvent falco = rce(NOON);
        PrometheusEvent alert = memory(3 * GIB, NOON.plusSeconds(60), NOON.plusSeconds(75));
        kordon.falco(falco).alert(alert);
        Incident one = onlyIncident();
        try (TopologyHarness other = new TopologyHarness(NOON)) {
            Incident two = other.alert(alert).falco(falco).incidents().get(0);
            assertThat(two.getId()).isEqualTo(one.getId());
            assertThat(two.getScore()).isEqualTo(one.getScore());
            assertThat(two.getEvidence()).isEqualTo(one.getEvidence());
            assertThat(two.getCommands())
                    .extracting(command -> command.getId() + command.getStatus() + command.getSteps())
                    .containsExactlyElementsOf(one.getCommands().stream()
                            .map(command -> command.getId() + command.getStatus() + command.getSteps())
                            .toList());
        }
    }

    @Test
    void makesNoIncidentOfMemoryBelowTheBound() {
        kordon.falco(rce(NOON)).alert(memory(1.9 * GIB, NOON, NOON));
        assertThat(kordon.incidents()).isEmpty();
        assertThat(kordon.commands()).isEmpty();
    }

    @Test
    void makesNoIncidentOfTwoPods() {
        kordon.falco(rce(NOON)).alert(memory("tomcat-depl-89bb8c5c7-x2k9p", 3 * GIB, NOON, NOON));
        assertThat(kordon.incidents()).isEmpty();
    }

    @Test
    void makesNoIncidentOfAnAlertThatResolvedElevenMinutesBefore() {
        PrometheusEvent firing =
                memory(3 * GIB, NOON.minus(Duration.ofMinutes(30)), NOON.minus(Duration.ofMinutes(12)));
        kordon.alert(firing)
                .alert(resolved(firing, NOON.minus(Duration.ofMinutes(11)), NOON.minus(Duration.ofMinutes(10))))
                .falco(rce(NOON));
        assertThat(kordon.incidents()).isEmpty();
    }

    @Test
    void makesAnIncidentOfAnAlertOfWhichOnlyTheResolveIsKnown() {
        PrometheusEvent firing = memory(3 * GIB, NOON.minus(Duration.ofMinutes(30)), NOON);
        kordon.alert(resolved(firing, NOON.minus(Duration.ofMinutes(5)), NOON)).falco(rce(NOON));
        assertThat(onlyIncident().getEvidence()).noneMatch(Evidence::getOpen);
    }

    @Test
    void takesAnEventFromAClockAnHourAheadAtTheTimeOfItsReceipt() {
        FalcoEvent ahead = FalcoEvent.newBuilder(rce(NOON))
                .setTime(NOON.plus(Duration.ofHours(1)))
                .build();
        kordon.falco(ahead).alert(memory(3 * GIB, NOON, NOON));
        Evidence evidence = onlyIncident().getEvidence().stream()
                .filter(Evidence::getClamped)
                .findFirst()
                .orElseThrow();
        assertThat(evidence.getStart()).isEqualTo(ahead.getReceivedAt());
        assertThat(kordon.metrics
                        .counter("kordon.streams.events.clamped", "source", "falco")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void doesNotTakeAPodThatWasCreatedLaterForTheOneOfTheEvent() {
        kordon.pod(pod(POD, UID, NOON.plusSeconds(30)))
                .falco(rce(NOON))
                .alert(memory(3 * GIB, NOON.minusSeconds(1), NOON.plusSeconds(1)));
        assertThat(onlyIncident().getEntity().getUid()).isNull();
    }

    @Test
    void foldsResultsIntoTheIncident() {
        kordon.falco(rce(NOON)).alert(memory(3 * GIB, NOON, NOON));
        Command command = kordon.commands().get(0).value();
        kordon.incidents();
        kordon.idle(Duration.ofSeconds(3));
        for (int step = 0; step < command.getSteps().size(); step++) {
            kordon.result(result(command, step, command.getSteps().get(step).getAction()));
        }
        kordon.result(result(command, -1, "run"));

        Incident incident = onlyIncident();
        assertThat(incident.getStatus()).isEqualTo(IncidentStatus.CONTAINED);
        assertThat(incident.getCommands().get(0).getSteps())
                .allSatisfy(step -> assertThat(step.getStatus()).isEqualTo(StepStatus.DONE));
        assertThat(incident.getTimeline().getContainedAt()).isEqualTo(NOON.plusSeconds(3));
    }

    @Test
    void closesAnIncidentOnAnIdlePartition() {
        kordon.falco(rce(NOON)).alert(memory(3 * GIB, NOON, NOON));
        kordon.result(result(kordon.commands().get(0).value(), -1, "run"));
        kordon.incidents();
        kordon.idle(Duration.ofHours(2));
        assertThat(onlyIncident().getStatus()).isEqualTo(IncidentStatus.CLOSED);
        kordon.idle(Duration.ofDays(91));
        assertThat(kordon.count(KordonTopology.ENTITIES))
                .as("nothing is kept for ever")
                .isZero();
        assertThat(kordon.count(KordonTopology.ORIGINALS)).isZero();
    }

    @Test
    void staysSmallUnderAFloodOfLargeEventsOnOnePod() {
        String large = "{\"filler\":\"" + "x".repeat(20_000) + "\"}";
        kordon.alert(memory(3 * GIB, NOON, NOON));
        for (int i = 0; i < 1_000; i++) {
            kordon.falco(FalcoEvent.newBuilder(rce(NOON.plusMillis(i)))
                    .setOutput("y".repeat(5_000))
                    .setOriginal(large)
                    .build());
        }
        Incident incident = onlyIncident();
        assertThat(incident.getEvidence()).hasSizeLessThanOrEqualTo(11);
        assertThat(incident.getEvidence().stream()
                        .mapToInt(evidence -> evidence.getOriginal().length())
                        .sum())
                .isLessThanOrEqualTo(Originals.MAX_PER_INCIDENT);
        assertThat(incident.getEvidence()).anyMatch(Evidence::getTruncated);
        EntityState state = kordon.state("demo/tomcat/" + POD);
        assertThat(kordon.size(state)).isLessThan(300_000);
        assertThat(kordon.count(KordonTopology.ORIGINALS)).isLessThan(100);
    }

    @Test
    void goesOnAfterAnEntityWhoseNameIsABook() {
        kordon.falco(rce("p".repeat(100_000), NOON)).falco(rce(NOON)).alert(memory(3 * GIB, NOON, NOON));
        assertThat(onlyIncident().getEntity().getName()).isEqualTo(POD);
        assertThat(kordon.signals()).hasSize(2);
    }

    @Test
    void cutsAnOriginalThatIsLongerThanARecordShouldBe() {
        kordon.falco(FalcoEvent.newBuilder(rce(NOON))
                        .setOriginal("z".repeat(500_000))
                        .build())
                .alert(memory(3 * GIB, NOON, NOON));
        assertThat(onlyIncident().getEvidence())
                .filteredOn(Evidence::getTruncated)
                .singleElement()
                .satisfies(evidence -> assertThat(evidence.getOriginal()).hasSize(64 * 1024));
    }

    @Test
    void goesOnAfterWhatItCannotDecode() {
        byte[] notAvro = "not avro".getBytes(StandardCharsets.UTF_8);
        kordon.bytes(TopologyHarness.TOPICS.falcoEvents(), "k", notAvro)
                .bytes(TopologyHarness.TOPICS.falcoEvents(), "k", null)
                .bytes(TopologyHarness.TOPICS.signals(), "k", new byte[] {0, 0, 0, 0, 99, 1, 2, 3})
                .falco(rce(NOON))
                .alert(memory(3 * GIB, NOON, NOON));

        assertThat(kordon.incidents()).as("the next records are processed").hasSize(1);
    }

    @Test
    void keepsItsShape() throws Exception {
        String shape = TopologyHarness.topology(AvroSerdes.registry("mock://shape"), new SimpleMeterRegistry())
                .describe()
                .toString();
        Path golden = Path.of("src/test/resources/topology/shape.txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, shape);
        }
        assertThat(shape)
                .as("a changed shape may orphan state: see RATIONALE.md; -Dgolden.update=true takes it over")
                .isEqualToNormalizingNewlines(Files.readString(golden));
    }

    private Incident onlyIncident() {
        List<Incident> incidents = kordon.incidents();
        assertThat(incidents).hasSize(1);
        return incidents.get(0);
    }

    private static Result result(Command command, int step, String action) {
        return Result.newBuilder()
                .setCommandId(command.getId())
                .setIncidentId(command.getIncidentId())
                .setKey(command.getKey())
                .setEntity(command.getEntity())
                .setStep(step)
                .setAction(action)
                .setStatus(StepStatus.DONE)
                .setObserved(Map.of())
                .setStartedAt(NOON.plusSeconds(2))
                .setFinishedAt(NOON.plusSeconds(3))
                .build();
    }
}
