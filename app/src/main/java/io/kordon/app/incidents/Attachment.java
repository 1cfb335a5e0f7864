package io.kordon.app.incidents;

import io.kordon.app.records.Connection;
import io.kordon.app.records.TopicReader;
import io.kordon.avro.Decision;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Finding;
import io.kordon.avro.Incident;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Adds what an examination found to an incident: handed in as a decision, then waited for in the incident. */
public final class Attachment implements AutoCloseable {
    private final Connection connection;
    private final TopicReader<Incident> incidents;

    private Attachment(Connection connection, TopicReader<Incident> incidents) {
        this.connection = connection;
        this.incidents = incidents;
    }

    public static Attachment open(Connection connection) {
        return new Attachment(connection, connection.reader(connection.topics().incidents()));
    }

    /**
     * The incident whose id begins so.
     *
     * @throws IllegalArgumentException naming the incidents, where there are several
     */
    public Optional<Incident> incident(String id) {
        return Lookup.find(incidents, id);
    }

    /**
     * Hands it in; returns when Kafka has it.
     *
     * @param bundle where the report is kept; null for nowhere
     */
    public Decision attach(
            Incident incident, String by, String reason, @Nullable EvidenceBundle bundle, List<Finding> findings)
            throws InterruptedException {
        try (Producer<String, Decision> producer = connection.producer(Map.of())) {
            return new DecisionDesk(connection.topics().decisions(), producer, Clock.systemUTC())
                    .attach(incident, by, reason, bundle, findings);
        }
    }

    /** The revision of the incident that shows it; empty if none came within {@code limit}. */
    public Optional<Incident> taken(Decision decision, Duration limit) {
        Awaited awaited = new Awaited(decision, revision -> true);
        DecisionDesk.await(List.of(awaited), incidents, limit);
        return Optional.ofNullable(awaited.shown());
    }

    @Override
    public void close() {
        incidents.close();
    }
}
