package io.kordon.streams.topology;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.Command;
import io.kordon.avro.Decision;
import io.kordon.avro.EntityState;
import io.kordon.avro.GuardState;
import io.kordon.avro.Incident;
import io.kordon.avro.Pod;
import io.kordon.avro.PodHistory;
import io.kordon.avro.Result;
import io.kordon.avro.Signal;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;
import io.kordon.streams.correlation.Engine;
import io.kordon.streams.correlation.Grouping;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.Responder;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The pipeline, in the order of the picture: pods are known by name and container, events are detected into signals,
 * signals correlate per entity into incidents, incidents ask for commands, the guard lets through what the cluster's budgets
 * allow, results and decisions fold back.
 */
public final class KordonTopology {
    static final String IDENTITIES = "identities";
    static final String KNOWN = "known";
    static final String ENTITIES = "entities";
    static final String TIMERS = "timers";
    static final String ORIGINALS = "originals";
    static final String LEDGERS = "ledgers";

    private final Topics topics;
    private final AvroSerdes serdes;
    private final Current<Detection> detection;
    private final Current<Engine> engine;
    private final Policy policy;
    private final Budgets budgets;
    private final StreamsMetrics metrics;
    private final RawIntake raw;

    /**
     * @param rules the rules in force, asked at every event: the same instance until they change
     * @param playbooks the playbooks in force, in the same way
     */
    public KordonTopology(
            Topics topics,
            AvroSerdes serdes,
            Supplier<RuleSet> rules,
            Supplier<List<Playbook>> playbooks,
            Policy policy,
            SourceLimits limits,
            Budgets budgets,
            RawTopics raw,
            MeterRegistry metrics) {
        this.topics = topics;
        this.serdes = serdes;
        this.policy = policy;
        this.budgets = budgets;
        this.metrics = new StreamsMetrics(metrics);
        Current<Responder> responder = Current.of(playbooks, list -> new Responder(list, limits));
        Grouping grouping = new Grouping(EntityKeys.SPELLING);
        this.detection = Current.of(rules, Detection::new);
        this.engine = Current.of(rules, responder::get, (set, response) -> new Engine(set, response, grouping, policy));
        this.raw = new RawIntake(topics, serdes, raw, metrics);
    }

    /** Builds it. */
    public Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.globalTable(
                topics.identities().name(),
                Consumed.with(Serdes.String(), Serdes.ByteArray()),
                Materialized.as(IDENTITIES));
        stores().forEach(builder::addStateStore);

        KStream<String, AuditEvent> audit = from(builder, topics.auditEvents());
        KStream<String, Pod> pods = builder.stream(topics.pods().name(), consumed(topics.pods(), serdes.<Pod>serde()));
        KStream<String, PodHistory> identified =
                pods.merge(deletions(audit)).process(IdentifyProcessor::new, Named.as("identify"), KNOWN);
        to(topics.identities(), identified);

        KStream<String, Signal> detected = detect(from(builder, topics.falcoEvents()), "detect-falco", Observation::of)
                .merge(detect(from(builder, topics.prometheusEvents()), "detect-prometheus", Observation::of))
                .merge(detect(audit, "detect-audit", Observation::of));
        to(topics.signals(), detected);

        KStream<String, SpecificRecord> decided = any(from(builder, topics.signals()))
                .merge(any(from(builder, topics.results())))
                .merge(any(decisions(builder)))
                .merge(any(identified.filter(KordonTopology::isPod)))
                .merge(any(containers(identified)))
                .process(
                        () -> new CorrelateProcessor(engine, metrics),
                        Named.as("correlate"),
                        ENTITIES,
                        TIMERS,
                        ORIGINALS,
                        KNOWN);
        to(topics.incidents(), only(Incident.class, decided));
        to(topics.signals(), only(Signal.class, decided));

        KStream<String, SpecificRecord> guarded = byCluster(only(Command.class, decided))
                .process(() -> new GuardProcessor(budgets, metrics), Named.as("guard"), LEDGERS);
        to(topics.commands(), only(Command.class, guarded));
        to(topics.results(), only(Result.class, guarded));
        return raw.addTo(builder.build());
    }

    private <V extends SpecificRecord> KStream<String, Signal> detect(
            KStream<String, V> events, String name, BiFunction<V, Policy, List<Observation>> observe) {
        return events.process(
                () -> new DetectProcessor<>(observe, detection, policy, serdes.deserializer(), metrics),
                Named.as(name));
    }

    /** By way of a topic, so that detection and correlation stay tasks of their own. */
    private KStream<String, Pod> deletions(KStream<String, AuditEvent> audit) {
        return audit.flatMapValues(Deletions::of)
                .repartition(
                        Repartitioned.with(Serdes.String(), serdes.<Pod>serde()).withName("deletions"));
    }

    /** Decisions are keyed by incident, incidents are known under their correlation key. */
    private KStream<String, Decision> decisions(StreamsBuilder builder) {
        return from(builder, topics.decisions())
                .selectKey((incident, decision) -> decision.getKey())
                .repartition(Repartitioned.with(Serdes.String(), serdes.<Decision>serde())
                        .withName("decisions"));
    }

    /** The pod of a container is known where the container's key is. */
    private KStream<String, PodHistory> containers(KStream<String, PodHistory> identified) {
        return identified
                .filter((key, history) -> EntityKeys.isContainer(key))
                .repartition(Repartitioned.with(Serdes.String(), serdes.<PodHistory>serde())
                        .withName("containers"));
    }

    /** Budgets are a cluster's: its commands have to meet in one place, of which there are few. */
    private KStream<String, Command> byCluster(KStream<String, Command> commands) {
        return commands.selectKey((pod, command) -> command.getEntity().getCluster())
                .repartition(Repartitioned.with(Serdes.String(), serdes.<Command>serde())
                        .withName("guard"));
    }

    private static boolean isPod(String key, PodHistory history) {
        return history != null && !EntityKeys.isContainer(key);
    }

    private <V extends SpecificRecord> KStream<String, V> from(StreamsBuilder builder, Topic<V> topic) {
        return builder.stream(topic.name(), consumed(topic, RequiredValue.of(serdes.<V>serde())));
    }

    private static <V extends SpecificRecord> Consumed<String, V> consumed(Topic<V> topic, Serde<V> serde) {
        return Consumed.with(Serdes.String(), serde).withName("from-" + topic.name());
    }

    private <V extends SpecificRecord> void to(Topic<V> topic, KStream<String, V> records) {
        records.to(topic.name(), Produced.with(Serdes.String(), serdes.<V>serde()));
    }

    private static <V extends SpecificRecord> KStream<String, SpecificRecord> any(KStream<String, V> records) {
        return records.mapValues(SpecificRecord.class::cast);
    }

    private static <V extends SpecificRecord> KStream<String, V> only(
            Class<V> type, KStream<String, SpecificRecord> records) {
        return records.flatMapValues(value -> type.isInstance(value) ? List.of(type.cast(value)) : List.of());
    }

    private List<StoreBuilder<?>> stores() {
        return List.of(
                store(KNOWN, serdes.<PodHistory>serde()),
                store(ENTITIES, serdes.<EntityState>serde()).withCachingEnabled(),
                store(ORIGINALS, serdes.<Signal>serde()),
                timers(),
                store(LEDGERS, serdes.<GuardState>serde()));
    }

    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> serde) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), serde);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> timers() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(TIMERS), Serdes.Bytes(), Serdes.ByteArray());
    }
}
