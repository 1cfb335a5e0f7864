package io.kordon.streams.topology;

import io.kordon.avro.Rule;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.kordon.schemas.ValueDecoder;
import io.kordon.schemas.ValueDecoder.Decoded;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.Placeholders;
import io.kordon.streams.rule.RuleLedger;
import io.kordon.streams.rule.RuleLedger.Refusal;
import io.kordon.streams.rule.RuleParser;
import io.kordon.streams.rule.RuleSet;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules in force: those from disk, with what the topic of rules says in their place, followed while the instance runs.
 * A rule that cannot be used is refused, logged and counted, and stops neither the others nor the instance; an outage of
 * brokers or registry is waited out. Every instance reads the whole topic, so that all detect and correlate alike.
 */
public final class LiveRules implements Supplier<RuleSet>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRules.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long {@link #start} waits for the end of the topic. */
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    /**
     * Rounds that bring more are waited for before rules change: what was published in one transaction comes in several,
     * a partition each, and half of it could report parts of a correlation whose other half silences them.
     */
    private static final int MOST_BUSY = 20;

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final ValueDecoder<Rule> decoder;
    private final LiveRulesMetrics metrics;
    private final RuleLedger ledger;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch inForce = new CountDownLatch(1);

    /** Where the topic ended when its partitions became known; empty until then. */
    private Map<TopicPartition, Long> ends = Map.of();

    /** Records that wait for the registry, the last of each key; who was asked for last comes last. */
    private final Map<String, ConsumerRecord<byte[], byte[]>> waiting = new LinkedHashMap<>();

    /** Rounds in a row that brought records. */
    private int busy;

    private boolean registryAway;
    private String outage = "";

    private List<Refusal> told = List.of();
    private boolean atEnd;
    private final long patienceEnds;
    private long retryAt = System.nanoTime();
    private volatile RuleSet rules;
    private volatile String problem;

    LiveRules(
            ParsedRules disk,
            RuleParser parser,
            String topic,
            Consumer<byte[], byte[]> consumer,
            ValueDecoder<Rule> decoder,
            MeterRegistry registry,
            Duration patience) {
        this.topic = topic;
        this.consumer = consumer;
        this.decoder = decoder;
        this.ledger = new RuleLedger(disk, parser);
        this.rules = RuleSet.of(disk);
        this.problem = topic + " is not read yet";
        this.patienceEnds = System.nanoTime() + patience.toNanos();
        this.metrics = new LiveRulesMetrics(registry, this);
        this.thread = new Thread(this::follow, "kordon-rules");
        thread.setDaemon(true);
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
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        config.put("allow.auto.create.topics", false);
        config.put("auto.offset.reset", "earliest");
        config.keySet().removeIf(key -> key.equals("group.id") || key.equals("group.instance.id"));
        LiveRules live = new LiveRules(
                disk,
                new RuleParser(placeholders),
                topics.rules().name(),
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                ValueDecoder.of(topics.rules(), serdes),
                metrics,
                START_LIMIT);
        live.begin(START_LIMIT);
        return live;
    }

    /** Starts the thread, and waits until the topic is read, {@code limit} at most. */
    void begin(Duration limit) {
        thread.start();
        try {
            if (!inForce.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("going on with the rules from disk: {}", problem());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The rules in force: the same instance until something changes. */
    @Override
    public RuleSet get() {
        return rules;
    }

    /** What keeps published rules from being in force; empty if nothing does. A rule that was refused is no such thing. */
    public String problem() {
        return problem;
    }

    @Override
    public void close() {
        stopped.countDown();
        consumer.wakeup();
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        try (consumer;
                decoder) {
            while (stopped.getCount() > 0) {
                step();
            }
        } catch (WakeupException | InterruptException e) {
            // asked to stop
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            problem = topic + " is no longer followed";
        }
    }

    /** Whatever goes wrong in one round is said, and tried again in the next. */
    private void step() throws InterruptedException {
        try {
            if (ends.isEmpty()) {
                ends = begin(consumer);
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            records.forEach(this::receive);
            askAgain();
            busy = records.isEmpty() ? 0 : busy + 1;
            atEnd = atEnd
                    || ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            boolean settled = atEnd && (waiting.isEmpty() || begun() || System.nanoTime() - patienceEnds > 0);
            if (settled && ledger.changed() && (busy == 0 || busy >= MOST_BUSY)) {
                putInForce();
            }
            say(remaining());
            if (settled && !ledger.changed()) {
                inForce.countDown();
            }
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            say(topic + " cannot be read: " + e);
            stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private Map<TopicPartition, Long> begin(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new IllegalStateException("there is no such topic: `kordon topics` creates it");
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return Map.copyOf(consumer.endOffsets(partitions));
    }

    /** Takes a record in, or lets it wait. Throws nothing: the records after it must not be lost. */
    private void receive(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            undecodable(record, "it has no key");
            return;
        }
        String id = new String(record.key(), StandardCharsets.UTF_8);
        waiting.remove(id);
        if (!registryAway) {
            take(id, record);
        } else {
            waiting.put(id, record);
        }
    }

    private void take(String id, ConsumerRecord<byte[], byte[]> record) {
        try {
            Decoded<Rule> decoded = decoder.decode(record);
            if (decoded instanceof Decoded.Tombstone<Rule>) {
                ledger.forget(id);
            } else if (decoded instanceof Decoded.Value<Rule> value) {
                ledger.publish(id, value.value().getOrigin(), value.value().getDocument())
                        .ifPresent(this::refused);
            } else if (decoded instanceof Decoded.Unusable<Rule> unusable) {
                undecodable(record, unusable.reason());
            } else if (decoded instanceof Decoded.Unavailable<Rule> unavailable) {
                registryAway = true;
                outage = unavailable.reason();
                waiting.put(id, record);
            }
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("refused {}-{} at offset {}", topic, record.partition(), record.offset(), e);
            metrics.refused();
        }
    }

    /**
     * Those that wait for the registry, until it fails to answer again. They hold nobody else up: a later record of the
     * same key takes their place, and one whose schema the registry never gives comes after all others.
     */
    private void askAgain() {
        if (waiting.isEmpty() || System.nanoTime() - retryAt < 0) {
            return;
        }
        retryAt = System.nanoTime() + PAUSE.toNanos();
        registryAway = false;
        for (ConsumerRecord<byte[], byte[]> record : new ArrayList<>(waiting.values())) {
            if (registryAway) {
                return;
            }
            receive(record);
        }
    }

    private boolean begun() {
        return inForce.getCount() == 0;
    }

    private void putInForce() {
        RuleLedger.Resolution resolution = ledger.resolve();
        resolution.refused().stream().filter(refusal -> !told.contains(refusal)).forEach(this::refused);
        told = resolution.refused();
        rules = resolution.rules();
        LOG.info(
                "in force: {} detection rules, {} correlation rules, {} filters",
                rules.detections().size(),
                rules.correlations().size(),
                rules.filters().size());
    }

    private String remaining() {
        if (!waiting.isEmpty()) {
            return "records of " + topic + " wait for the schema registry, which does not answer: " + outage;
        }
        return atEnd ? "" : topic + " is not read to its end yet";
    }

    private void say(String now) {
        if (!now.isEmpty() && !now.equals(problem)) {
            LOG.warn("{}", now);
        }
        problem = now;
    }

    private void refused(Refusal refusal) {
        LOG.warn("refused {}: {}", refusal.id(), refusal.problem());
        metrics.refused();
    }

    private void undecodable(ConsumerRecord<byte[], byte[]> record, String reason) {
        LOG.warn("skipped {}-{} at offset {}, no rule: {}", topic, record.partition(), record.offset(), reason);
        metrics.undecodable();
    }
}
