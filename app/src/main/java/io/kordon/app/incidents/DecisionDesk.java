package io.kordon.app.incidents;

import io.kordon.app.records.TopicReader;
import io.kordon.avro.Decision;
import io.kordon.avro.DecisionAction;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Finding;
import io.kordon.avro.Incident;
import io.kordon.schemas.Topic;
import io.kordon.streams.incident.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Where decisions are handed in, and looked for in the incidents that they change. */
final class DecisionDesk {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Topic<Decision> topic;
    private final Producer<String, Decision> producer;
    private final Clock clock;

    /** The producer stays the caller's to close. */
    DecisionDesk(Topic<Decision> topic, Producer<String, Decision> producer, Clock clock) {
        this.topic = topic;
        this.producer = producer;
        this.clock = clock;
    }

    /**
     * Hands a decision in; returns when Kafka has it.
     *
     * @param commandId the command that it is about; null for all of the incident
     * @throws KafkaException if it does not take it
     */
    Decision handIn(Incident incident, DecisionAction action, @Nullable String commandId, String by, String reason)
            throws InterruptedException {
        return send(decision(incident, action, commandId, by, reason).build());
    }

    /** The same for what an examination found, with where its report is kept; null for nowhere. */
    Decision attach(
            Incident incident, String by, String reason, @Nullable EvidenceBundle bundle, List<Finding> findings)
            throws InterruptedException {
        return send(decision(incident, DecisionAction.ATTACH, null, by, reason)
                .setBundle(bundle)
                .setFindings(findings)
                .build());
    }

    private Decision.Builder decision(
            Incident incident, DecisionAction action, @Nullable String commandId, String by, String reason) {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return Decision.newBuilder()
                .setId("dec-"
                        + Ids.digest(
                                incident.getId(),
                                action.name(),
                                commandId == null ? "" : commandId,
                                by,
                                reason,
                                at.toString()))
                .setIncidentId(incident.getId())
                .setKey(incident.getKey())
                .setAction(action)
                .setCommandId(commandId)
                .setBy(by)
                .setReason(reason)
                .setAt(at);
    }

    private Decision send(Decision decision) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(topic.name(), decision.getIncidentId(), decision))
                    .get();
            return decision;
        } catch (ExecutionException e) {
            throw new KafkaException("the decision is not in " + topic.name(), e.getCause());
        } catch (KafkaException e) {
            throw new KafkaException("the decision is not in " + topic.name(), e);
        }
    }

    /** Reads on until every decision and what came of it is shown by a revision of its incident, {@code limit} at most. */
    static void await(List<Awaited> awaited, TopicReader<Incident> incidents, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (awaited.stream().anyMatch(each -> each.shown() == null) && System.nanoTime() - deadline < 0) {
            incidents.poll(POLL, (id, incident) -> {
                if (incident != null) {
                    awaited.forEach(each -> each.look(incident));
                }
            });
        }
    }
}
