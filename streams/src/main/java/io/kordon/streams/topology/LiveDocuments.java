package io.kordon.streams.topology;

import io.kordon.avro.Rule;
import io.kordon.schemas.ValueDecoder;
import io.kordon.schemas.ValueDecoder.Decoded;
import io.kordon.streams.rule.RuleLedger.Refusal;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
 * Follows a compacted topic of documents, rules or playbooks, while the instance runs, and has a ledger put in force what
 * the topic says. A document that cannot be used is refused, logged and counted, and stops neither the others nor the
 * instance; an outage of brokers or registry is waited out. Every instance reads the whole topic, so that all do alike.
 */
final class LiveDocuments implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveDocuments.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long an instance that starts waits for the end of the topic. */
    static final Duration START_LIMIT = Duration.ofSeconds(30);

    /**
     * Rounds that bring more are waited for before anything changes: what was published in one transaction comes in several,
     * a partition each, and half of it could report parts of a correlation whose other half silences them.
     */
    private static final int MOST_BUSY = 20;

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final String what;
    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final ValueDecoder<Rule> decoder;
    private final LiveDocumentsMetrics metrics;
    private final Ledger ledger;
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
    private volatile String problem;

    /** What documents mean to an instance. Asked by one thread only. */
    interface Ledger {
        /**
         * Takes a published document; an empty one switches off.
         *
         * @return why it is refused; empty if it can be read
         */
        Optional<Refusal> publish(String id, String origin, String document);

        /** Forgets what was published under an id: what is on disk counts again. */
        void forget(String id);

        /** Whether there may be something to put in force. */
        boolean changed();

        /** Puts in force what there is. Returns what of it cannot be used with the rest. */
        List<Refusal> putInForce();
    }

    /**
     * A follower that has not begun.
     *
     * @param what {@code rules} or {@code playbooks}, for messages and metrics
     * @param patience how long what waits for the registry keeps the rest from being in force
     */
    LiveDocuments(
            String what,
            String topic,
            Consumer<byte[], byte[]> consumer,
            ValueDecoder<Rule> decoder,
            Ledger ledger,
            MeterRegistry registry,
            Duration patience) {
        this.what = what;
        this.topic = topic;
        this.consumer = consumer;
        this.decoder = decoder;
        this.ledger = ledger;
        this.problem = topic + " is not read yet";
        this.patienceEnds = System.nanoTime() + patience.toNanos();
        this.metrics = new LiveDocumentsMetrics(registry, what, this::problem);
        this.thread = new Thread(this::follow, "kordon-" + what);
        thread.setDaemon(true);
    }

    /** Reads whole topics, in no group, and only what was committed. */
    static Consumer<byte[], byte[]> consumer(Map<String, Object> kafka) {
        Map<String, Object> config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        config.put("allow.auto.create.topics", false);
        config.put("auto.offset.reset", "earliest");
        config.keySet().removeIf(key -> key.equals("group.id") || key.equals("group.instance.id"));
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Starts the thread, and waits until the topic is read, {@code limit} at most. */
    void begin(Duration limit) {
        thread.start();
        try {
            if (!inForce.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("going on with the {} from disk: {}", what, problem());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What keeps published documents from being in force; empty if nothing does. One that was refused is no such thing. */
    String problem() {
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
        List<Refusal> refused = ledger.putInForce();
        refused.stream().filter(refusal -> !told.contains(refusal)).forEach(this::refused);
        told = refused;
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
        LOG.warn(
                "skipped {}-{} at offset {}, none of the {}: {}",
                topic,
                record.partition(),
                record.offset(),
                what,
                reason);
        metrics.undecodable();
    }
}
