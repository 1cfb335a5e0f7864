package io.kordon.streams.topology;

import io.kordon.avro.Rule;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.kordon.schemas.ValueDecoder;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.Placeholders;
import io.kordon.streams.rule.RuleLedger;
import io.kordon.streams.rule.RuleLedger.Refusal;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules in force: those from disk, with what the topic of rules says in their place. */
public final class LiveRules implements Supplier<RuleSet>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRules.class);

    private final LiveDocuments documents;
    private volatile RuleSet rules;

    LiveRules(
            ParsedRules disk,
            RuleParser parser,
            String topic,
            Consumer<byte[], byte[]> consumer,
            ValueDecoder<Rule> decoder,
            MeterRegistry registry,
            Duration patience) {
        this.rules = RuleSet.of(disk);
        this.documents = new LiveDocuments(
                "rules", topic, consumer, decoder, new Ledger(new RuleLedger(disk, parser)), registry, patience);
        loaded(registry, "detection", set -> set.detections().size());
        loaded(registry, "correlation", set -> set.correlations().size());
        loaded(registry, "filter", set -> set.filters().size());
    }

    /**
     * Starts to follow the topic, and returns when what it held is in force. If that takes longer than half a minute,
     * because brokers or registry are away, it returns with the rules from disk, goes on trying, and {@link #problem()}
     * says why.
     *
     * @param disk what was read from disk
     * @param kafka client properties: bootstrap.servers, security
     */
    public static LiveRules start(
            ParsedRules disk, Topics topics, Map<String, Object> kafka, AvroSerdes serdes, MeterRegistry metrics) {
        return start(disk, Placeholders.NONE, topics, kafka, serdes, metrics);
    }

    /**
     * Starts to follow the topic as {@link #start(ParsedRules, Topics, Map, AvroSerdes, MeterRegistry)} does.
     *
     * @param placeholders what placeholders of published rules stand for
     */
    public static LiveRules start(
            ParsedRules disk,
            Placeholders placeholders,
            Topics topics,
            Map<String, Object> kafka,
            AvroSerdes serdes,
            MeterRegistry metrics) {
        LiveRules live = new LiveRules(
                disk,
                new RuleParser(placeholders),
                topics.rules().name(),
                LiveDocuments.consumer(kafka),
                ValueDecoder.of(topics.rules(), serdes),
                metrics,
                LiveDocuments.START_LIMIT);
        live.begin(LiveDocuments.START_LIMIT);
        return live;
    }

    /** Begins to follow, and waits until the topic is read, {@code limit} at most. */
    void begin(Duration limit) {
        documents.begin(limit);
    }

    /** The rules in force: the same instance until something changes. */
    @Override
    public RuleSet get() {
        return rules;
    }

    /** What keeps published rules from being in force; empty if nothing does. A rule that was refused is no such thing. */
    public String problem() {
        return documents.problem();
    }

    @Override
    public void close() {
        documents.close();
    }

    private void loaded(MeterRegistry registry, String kind, ToIntFunction<RuleSet> count) {
        Gauge.builder("kordon.rules.loaded", this, live -> count.applyAsInt(live.get()))
                .description("Rules in force")
                .tag("kind", kind)
                .register(registry);
    }

    private final class Ledger implements LiveDocuments.Ledger {
        private final RuleLedger ledger;

        Ledger(RuleLedger ledger) {
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
            RuleLedger.Resolution resolution = ledger.resolve();
            rules = resolution.rules();
            LOG.info(
                    "in force: {} detection rules, {} correlation rules, {} filters",
                    rules.detections().size(),
                    rules.correlations().size(),
                    rules.filters().size());
            return resolution.refused();
        }
    }
}
