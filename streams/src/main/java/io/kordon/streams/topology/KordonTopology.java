package io.kordon.streams.topology;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.Command;
import io.kordon.avro.EntityState;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.Incident;
import io.kordon.avro.PrometheusEvent;
import io.kordon.avro.Signal;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;
import io.kordon.streams.correlation.Engine;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.Responder;
import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The pipeline, in the order of the picture: events are detected into signals, signals correlate per entity into
 * incidents, incidents ask for commands, results fold back.
 */
public final class KordonTopology {
    static final String PODS = "pods";
    static final String ENTITIES = "entities";
    static final String TIMERS = "timers";
    static final String ORIGINALS = "originals";

    private final Topics topics;
    private final AvroSerdes serdes;
    private final Detection detection;
    private final Engine engine;
    private final Policy policy;
    private final StreamsMetrics metrics;
    private final RawIntake raw;

    public KordonTopology(
            Topics topics,
            AvroSerdes serdes,
            RuleSet rules,
            List<Playbook> playbooks,
            Policy policy,
            MeterRegistry metrics) {
        this(topics, serdes, rules, playbooks, policy, RawTopics.NONE, metrics);
    }

    public KordonTopology(
            Topics topics,
            AvroSerdes serdes,
            RuleSet rules,
            List<Playbook> playbooks,
            Policy policy,
            RawTopics raw,
            MeterRegistry metrics) {
        this.topics = topics;
        this.serdes = serdes;
        this.detection = new Detection(rules);
        this.engine = new Engine(rules, new Responder(playbooks), policy);
        this.policy = policy;
        this.metrics = new StreamsMetrics(metrics);
        this.raw = new RawIntake(topics, serdes, raw, metrics);
    }

    /** Builds it. */
    public Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.globalTable(
                topics.pods().name(), Consumed.with(Serdes.String(), Serdes.ByteArray()), Materialized.as(PODS));

        KStream<String, FalcoEvent> falco = from(builder, topics.falcoEvents());
        KStream<String, PrometheusEvent> prometheus = from(builder, topics.prometheusEvents());
        KStream<String, AuditEvent> audit = from(builder, topics.auditEvents());
        KStream<String, Signal> detected = detect(falco, "detect-falco", Observation::of)
                .merge(detect(prometheus, "detect-prometheus", Observation::of))
                .merge(detect(audit, "detect-audit", Observation::of));
        to(topics.signals(), detected);

        builder.addStateStore(entities()).addStateStore(timers()).addStateStore(originals());
        KStream<String, SpecificRecord> decided = from(builder, topics.signals())
                .mapValues(SpecificRecord.class::cast)
                .merge(from(builder, topics.results()).mapValues(SpecificRecord.class::cast))
                .process(correlate(), Named.as("correlate"), ENTITIES, TIMERS, ORIGINALS);
        to(topics.incidents(), only(Incident.class, decided));
        to(topics.commands(), only(Command.class, decided));
        return raw.addTo(builder.build());
    }

    private <V extends SpecificRecord> KStream<String, Signal> detect(
            KStream<String, V> events, String name, BiFunction<V, Policy, List<Observation>> observe) {
        return events.process(
                () -> new DetectProcessor<>(observe, detection, policy, serdes.deserializer(), metrics),
                Named.as(name));
    }

    private <V extends SpecificRecord> KStream<String, V> from(StreamsBuilder builder, Topic<V> topic) {
        return builder.stream(topic.name(), consumed(topic));
    }

    private <V extends SpecificRecord> void to(Topic<V> topic, KStream<String, V> records) {
        records.to(topic.name(), Produced.with(Serdes.String(), serdes.<V>serde()));
    }

    private <V extends SpecificRecord> Consumed<String, V> consumed(Topic<V> topic) {
        return Consumed.with(Serdes.String(), RequiredValue.of(serdes.<V>serde()))
                .withName("from-" + topic.name());
    }

    private ProcessorSupplier<String, SpecificRecord, String, SpecificRecord> correlate() {
        return () -> new CorrelateProcessor(engine, metrics);
    }

    private static <V extends SpecificRecord> KStream<String, V> only(
            Class<V> type, KStream<String, SpecificRecord> records) {
        return records.flatMapValues(value -> type.isInstance(value) ? List.of(type.cast(value)) : List.of());
    }

    private StoreBuilder<KeyValueStore<String, EntityState>> entities() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(ENTITIES), Serdes.String(), serdes.<EntityState>serde())
                .withCachingEnabled();
    }

    private StoreBuilder<KeyValueStore<String, Signal>> originals() {
        return Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(ORIGINALS), Serdes.String(), serdes.<Signal>serde());
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> timers() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(TIMERS), Serdes.Bytes(), Serdes.ByteArray());
    }
}
