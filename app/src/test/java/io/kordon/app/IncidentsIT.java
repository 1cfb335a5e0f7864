package io.kordon.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.demo.Incidents;
import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.app.embedded.SharedStack;
import io.kordon.app.records.TopicReader;
import io.kordon.avro.Decision;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentDecision;
import io.kordon.avro.IncidentStatus;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands of analysts on real topics; the engine's part is played by the tests. Each has topics of its own. */
@ExtendWith(SharedStack.class)
class IncidentsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private SiteRun.Site site;

    @BeforeEach
    void create(EmbeddedStack stack, TestInfo test) throws InterruptedException {
        site = SiteRun.Site.create(
                stack,
                "incidents-it-" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT) + ".");
    }

    @Test
    void listsEachOpenIncidentOnceAtItsLastCommittedRevision() throws Exception {
        write("inc-aaaa0001", 1, IncidentStatus.OPEN);
        write("inc-aaaa0001", 2, IncidentStatus.CONTAINED);
        write("inc-bbbb0001", 1, IncidentStatus.CLOSED);
        write("inc-cccc0001", 1, IncidentStatus.OPEN);
        site.send(incidents(), "inc-cccc0001", null);
        site.send(incidents(), "inc-dddd0001", "no Avro".getBytes(StandardCharsets.UTF_8));
        abort("inc-eeee0001");

        SiteRun open = site.run("incidents list");
        assertThat(open.code()).isZero();
        assertThat(open.out().lines()).hasSize(2);
        assertThat(open.out()).contains("inc-aaaa0001").contains("CONTAINED");
        assertThat(open.err()).contains("1 records of " + incidents() + " cannot be decoded");

        SiteRun all = site.run("incidents list --all --json");
        List<JsonNode> rows = new ArrayList<>();
        for (String line : all.out().lines().toList()) {
            rows.add(JSON.readTree(line));
        }
        assertThat(rows)
                .extracting(
                        row -> row.path("id").asText(),
                        row -> row.path("revision").asInt())
                .containsExactlyInAnyOrder(tuple("inc-aaaa0001", 2), tuple("inc-bbbb0001", 1));

        assertThat(site.run("incidents list --namespace shop").out()).isEqualToIgnoringNewLines("no incidents");
    }

    @Test
    void showsTheOneIncidentThatIsMeant() throws Exception {
        write("inc-aaaa0001", 1, IncidentStatus.OPEN);
        write("inc-aaaa0002", 1, IncidentStatus.OPEN);
        write("inc-aaaa00020", 1, IncidentStatus.OPEN);

        SiteRun shown = site.run("incidents show inc-aaaa0001");
        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .contains("inc-aaaa0001, revision 1")
                .contains("score     100 * (1 - (1 - 0.73) * (1 - 0.47)) = 85.69")
                .contains("playbook contain-pod");
        assertThat(site.run("incidents show inc-aaaa0002").out())
                .as("a whole id, though another begins with it")
                .contains("inc-aaaa0002, revision 1");
        assertThat(JSON.readTree(site.run("incidents show inc-aaaa0001 --json").out())
                        .at("/evidence/0/original")
                        .asText())
                .isEqualTo("{\"by\":\"FALCO\"}");

        SiteRun ambiguous = site.run("incidents show inc-aaaa");
        assertThat(ambiguous.code()).isEqualTo(2);
        assertThat(ambiguous.err()).contains("inc-aaaa0001, inc-aaaa0002, inc-aaaa00020");
        SiteRun unknown = site.run("incidents show inc-ffff");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("there is no incident inc-ffff");
    }

    @Test
    void waitsUntilTheIncidentShowsTheDecision() throws Exception {
        write("inc-aaaa0001", 6, IncidentStatus.CONTAINED);
        CompletableFuture<SiteRun> dismissing = CompletableFuture.supplyAsync(
                () -> site.run("incidents dismiss inc-a --by alice --reason drill --timeout 50s"));

        Decision decision = decisions(1).get("inc-aaaa0001");
        assertThat(decision.getReason()).isEqualTo("drill");
        assertThat(dismissing).isNotDone();
        write("inc-aaaa0001", 7, IncidentStatus.CONTAINED); // speaks of something else
        Incident answer = incident("inc-aaaa0001", 8, IncidentStatus.DISMISSED);
        answer.setDecisions(List.of(IncidentDecision.newBuilder()
                .setId(decision.getId())
                .setAction(decision.getAction())
                .setBy(decision.getBy())
                .setReason(decision.getReason())
                .setAt(decision.getAt())
                .build()));
        write(answer);

        SiteRun dismissed = dismissing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(dismissed.err()).isEmpty();
        assertThat(dismissed.code()).isZero();
        assertThat(dismissed.out()).contains("revision 8 of inc-aaaa0001 is DISMISSED");

        SiteRun again = site.run("incidents dismiss inc-a --by bob --reason again");
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("is DISMISSED already");
        assertThat(decisions(1)).hasSize(1).containsValue(decision);
    }

    @Test
    void saysThatNoRevisionShowsTheDecisionYet() throws Exception {
        write("inc-aaaa0001", 1, IncidentStatus.OPEN);

        SiteRun waited = site.run("incidents close inc-aaaa0001 --by alice --timeout 300ms");
        assertThat(waited.code()).isEqualTo(1);
        assertThat(waited.err()).contains("after 0.3 s").contains("kordon streams");

        SiteRun handedIn = site.run("incidents close inc-aaaa0001 --by alice --no-wait");
        assertThat(handedIn.code()).isZero();
        assertThat(handedIn.out()).contains("CLOSE inc-aaaa0001");
        SiteRun unknown = site.run("incidents reopen inc-ffff --by alice");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(site.run("incidents reopen inc-aaaa0001 --by alice").out()).contains("is OPEN already");
    }

    @Test
    void tellsWhatNewRevisionsAdd() throws Exception {
        write("inc-aaaa0001", 1, IncidentStatus.OPEN);
        StringWriter json = new StringWriter();
        StringWriter text = new StringWriter();
        CompletableFuture<SiteRun> parsed =
                CompletableFuture.supplyAsync(() -> site.run("incidents watch --for 20s --json", json));
        CompletableFuture<SiteRun> read =
                CompletableFuture.supplyAsync(() -> site.run("incidents watch --for 20s", text));
        await().atMost(LIMIT).until(() -> shows(text, "inc-aaaa0001") && shows(json, "\"revision\":1,"));

        write("inc-aaaa0001", 2, IncidentStatus.CLOSED);
        await().atMost(LIMIT).until(() -> shows(text, "revision 2") && shows(json, "\"revision\":2,"));
        write("inc-aaaa0001", 3, IncidentStatus.CLOSED);
        write("inc-aaaa0001", 4, IncidentStatus.OPEN);
        await().atMost(LIMIT).until(() -> shows(text, "revision 4") && shows(json, "\"revision\":4,"));

        assertThat(parsed.get(LIMIT.toSeconds(), TimeUnit.SECONDS).code()).isZero();
        assertThat(json.toString().lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(JSON.readTree(line)).isNotNull());
        assertThat(read.get(LIMIT.toSeconds(), TimeUnit.SECONDS).code()).isZero();
        assertThat(text.toString())
                .startsWith("ID ")
                .contains("inc-aaaa0001  it/tomcat/tomcat-depl-89bb8c5c7-lspcw")
                .contains("CLOSED, phase")
                .contains("OPEN, phase")
                .as("closed already, and not among those meant")
                .doesNotContain("revision 3");
    }

    private static boolean shows(StringWriter output, String text) {
        return output.toString().contains(text);
    }

    private String incidents() {
        return site.topics().incidents().name();
    }

    private static Incident incident(String id, long revision, IncidentStatus status) {
        Incident incident = Incidents.contained();
        incident.setId(id);
        incident.setRevision(revision);
        incident.setStatus(status);
        return incident;
    }

    private void write(String id, long revision, IncidentStatus status) throws InterruptedException {
        write(incident(id, revision, status));
    }

    private void write(Incident incident) throws InterruptedException {
        site.send(incidents(), incident.getId(), site.bytes(incidents(), incident));
    }

    /** As a task of the engine that fails would leave it. */
    private void abort(String id) throws InterruptedException, ExecutionException {
        Map<String, Object> config = new HashMap<>(site.kafka());
        config.put("transactional.id", site.topics().prefix() + "aborted");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                            incidents(), id, site.bytes(incidents(), incident(id, 1, IncidentStatus.OPEN))))
                    .get();
            producer.abortTransaction();
        }
    }

    /** The last decision on each incident, as soon as there are so many incidents with one. */
    private Map<String, Decision> decisions(int count) {
        Map<String, Decision> decisions = new HashMap<>();
        try (TopicReader<Decision> topic = TopicReader.open(site.topics().decisions(), site.kafka(), site.serdes())) {
            await().atMost(LIMIT).until(() -> {
                topic.poll(Duration.ofMillis(100), decisions::put);
                return decisions.size() >= count;
            });
        }
        return decisions;
    }
}
