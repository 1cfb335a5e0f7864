package io.kordon.streams.topology;

import io.kordon.avro.Rule;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.kordon.schemas.ValueDecoder;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.PlaybookLedger;
import io.kordon.streams.response.PlaybookParser;
import io.kordon.streams.rule.RuleLedger.Refusal;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The playbooks in force: those from disk, with what the topic of playbooks says in their place. */
public final class LivePlaybooks implements Supplier<List<Playbook>>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LivePlaybooks.class);

    private final LiveDocuments documents;
    private volatile List<Playbook> playbooks;

    LivePlaybooks(
            List<Playbook> disk,
            String topic,
            Consumer<byte[], byte[]> consumer,
            ValueDecoder<Rule> decoder,
            MeterRegistry registry,
            Duration patience) {
        this.playbooks = List.copyOf(disk);
        this.documents = new LiveDocuments(
                "playbooks",
                topic,
                consumer,
                decoder,
                new Ledger(new PlaybookLedger(disk, new PlaybookParser())),
                registry,
                patience);
        Gauge.builder("kordon.playbooks.loaded", this, live -> live.get().size())
                .description("Playbooks in force")
                .register(registry);
    }

    /**
     * Starts to follow the topic, and returns when what it held is in force; after half a minute with the playbooks from
     * disk, if brokers or registry are away. It goes on trying then, and {@link #problem()} says why.
     *
     * @param disk what was read from disk
     * @param kafka client properties: bootstrap.servers, security
     */
    public static LivePlaybooks start(
            List<Playbook> disk, Topics topics, Map<String, Object> kafka, AvroSerdes serdes, MeterRegistry metrics) {
        LivePlaybooks live = new LivePlaybooks(
                disk,
                topics.playbooks().name(),
                LiveDocuments.consumer(kafka),
                ValueDecoder.of(topics.playbooks(), serdes),
                metrics,
                LiveDocuments.START_LIMIT);
        live.begin(LiveDocuments.START_LIMIT);
        return live;
    }

    /** Begins to follow, and waits until the topic is read, {@code limit} at most. */
    void begin(Duration limit) {
        documents.begin(limit);
    }

    /** The playbooks in force: the same instance until something changes. */
    @Override
    public List<Playbook> get() {
        return playbooks;
    }

    /** What keeps published playbooks from being in force; empty if nothing does. */
    public String problem() {
        return documents.problem();
    }

    @Override
    public void close() {
        documents.close();
    }

    private final class Ledger implements LiveDocuments.Ledger {
        private final PlaybookLedger ledger;

        Ledger(PlaybookLedger ledger) {
            this.ledger = ledger;
        }

        @Override
        public Optional<Refusal> publish(String id, String origin, String document) {
            return ledger.publish(id, origin, document);
        }

        @Override
        public void forget(String id) {
            ledger.forget(id);
        }

        @Override
        public boolean changed() {
            return ledger.changed();
        }

        @Override
        public List<Refusal> putInForce() {
            playbooks = ledger.inForce();
            LOG.info("in force: {} playbooks", playbooks.size());
            return List.of();
        }
    }
}
