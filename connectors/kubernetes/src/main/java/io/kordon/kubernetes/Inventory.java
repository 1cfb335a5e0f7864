package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kordon.avro.Pod;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the pods topic which pods there are and which have gone, so that events which lack a UID or a pod's name can be
 * resolved. Writes only when something changed that matters to that; an end is a record with {@code deletedAt}, because
 * readers must learn that a generation is over, and a tombstone follows when nobody asks any more.
 */
public final class Inventory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

    private final InventoryConfig config;
    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Serializer<Pod> serializer;
    private final KubernetesClient client;
    private final MeterRegistry metrics;
    private final PodLedger ledger;
    private final List<SharedIndexInformer<io.fabric8.kubernetes.api.model.Pod>> informers = new ArrayList<>();
    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "kordon-inventory"));
    private final AtomicReference<@Nullable String> starting = new AtomicReference<>("the pods topic is being read");

    Inventory(
            InventoryConfig config,
            Topics topics,
            Producer<byte[], byte[]> producer,
            Serializer<Pod> serializer,
            KubernetesClient client,
            Clock clock,
            MeterRegistry metrics) {
        this.config = config;
        this.topic = topics.pods().name();
        this.producer = producer;
        this.serializer = serializer;
        this.client = client;
        this.metrics = metrics;
        this.ledger = new PodLedger(config.cluster(), clock);
        Gauge.builder("kordon.inventory.pods", ledger, known -> known.alive().size())
                .description("Pods that the inventory knows to be alive.")
                .register(metrics);
    }

    /** What the inventory asks of the API server. */
    public static Set<Permission> permissions() {
        return Set.of(new Permission("list", "", "pods"), new Permission("watch", "", "pods"));
    }

    /**
     * Starts to list and watch; returns at once.
     *
     * @param kafka client properties; acknowledgements are set here
     * @param client of the cluster that the configuration names; stays the caller's to close
     */
    public static Inventory start(
            InventoryConfig config,
            Topics topics,
            Map<String, Object> kafka,
            AvroSerdes serdes,
            KubernetesClient client,
            MeterRegistry metrics) {
        Map<String, Object> consumerProperties = new HashMap<>(kafka);
        consumerProperties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumerProperties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        Map<String, Object> producerProperties = new HashMap<>(kafka);
        producerProperties.put(ProducerConfig.ACKS_CONFIG, "all");
        producerProperties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producerProperties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        Inventory inventory = new Inventory(
                config,
                topics,
                new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer()),
                serdes.serializer(),
                client,
                Clock.systemUTC(),
                metrics);
        inventory.begin(
                new KafkaConsumer<>(consumerProperties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                serdes.deserializer());
        return inventory;
    }

    /** Why the topic does not follow the cluster, or null while it does. */
    public @Nullable String problem() {
        String notStarted = starting.get();
        if (notStarted != null) {
            return notStarted;
        }
        synchronized (informers) {
            return informers.stream().allMatch(SharedIndexInformer::isWatching)
                    ? null
                    : "the watch of the pods is broken; it is being tried again";
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("the inventory's worker is still at work; leaving it behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (informers) {
            informers.forEach(SharedIndexInformer::close);
        }
        producer.close(Duration.ofSeconds(5));
        serializer.close();
    }

    void begin(Consumer<byte[], byte[]> consumer, Deserializer<Pod> deserializer) {
        worker.execute(() -> {
            load(consumer, deserializer);
            watch();
        });
        long every = config.resync().toMillis();
        ScheduledFuture<?> unused = worker.scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
    }

    /** Ends what is missing, and takes out of the topic what ended long ago. */
    private void sweep() {
        try {
            if (starting.get() == null) {
                buryVanished();
            }
            for (String key : ledger.expired(config.forgetAfter())) {
                send(key, null, "forgotten");
            }
        } catch (RuntimeException e) { // one that escaped would end all further sweeps
            failure("sweep");
            LOG.warn("could not sweep the pods topic; trying again", e);
        }
    }

    private void load(Consumer<byte[], byte[]> consumer, Deserializer<Pod> deserializer) {
        try (consumer;
                deserializer) {
            if (!PodTopic.read(consumer, topic, deserializer, config.readTimeout(), ledger::load)) {
                failure("read");
                LOG.warn(
                        "{} could not be read to its end within {}: pods that vanished meanwhile may stay listed",
                        topic,
                        config.readTimeout());
            }
        } catch (RuntimeException e) {
            failure("read");
            LOG.warn("{} could not be read: pods that vanished meanwhile may stay listed", topic, e);
        }
    }

    private void watch() {
        starting.set("the pods are being listed");
        List<CompletableFuture<Void>> started = new ArrayList<>();
        synchronized (informers) {
            if (worker.isShutdown()) {
                return;
            }
            if (config.namespaces().isEmpty()) {
                informers.add(client.pods()
                        .inAnyNamespace()
                        .runnableInformer(config.resync().toMillis()));
            }
            config.namespaces()
                    .forEach(namespace -> informers.add(client.pods()
                            .inNamespace(namespace)
                            .runnableInformer(config.resync().toMillis())));
            informers.forEach(informer -> {
                informer.exceptionHandler((isStarted, error) -> {
                    failure("watch");
                    String why = why(error);
                    starting.updateAndGet(still -> still == null ? null : "the pods cannot be listed: " + why);
                    LOG.warn("could not list or watch pods, trying again: {}", why);
                    return true;
                });
                informer.addEventHandler(new Events());
                started.add(informer.start().toCompletableFuture());
            });
        }
        CompletableFuture<Void> unused = CompletableFuture.allOf(started.toArray(CompletableFuture[]::new))
                .whenComplete((done, error) -> {
                    if (error != null) {
                        starting.set("the pods could not be listed: " + error.getMessage());
                    } else {
                        buryVanished();
                        starting.set(null);
                    }
                });
    }

    private static String why(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException refusal) {
                return ApiFailure.of(refusal, permissions()).detail();
            }
        }
        return String.valueOf(error.getMessage());
    }

    /** The order matters: a pod that appears in between must not be taken for missing. */
    private void buryVanished() {
        List<Pod> believed = ledger.alive();
        Set<String> existing = new HashSet<>();
        synchronized (informers) {
            informers.forEach(informer -> informer.getStore()
                    .list()
                    .forEach(pod -> existing.add(pod.getMetadata().getUid())));
        }
        for (Pod pod : believed) {
            if (watches(pod.getEntity().getNamespace())
                    && !existing.contains(pod.getEntity().getUid())) {
                ledger.gone(pod).forEach(this::write);
            }
        }
    }

    boolean watches(@Nullable String namespace) {
        return config.namespaces().isEmpty()
                || (namespace != null && config.namespaces().contains(namespace));
    }

    private void write(Pod pod) {
        send(pod.getEntity().getKey(), pod, pod.getDeletedAt() == null ? "changed" : "deleted");
    }

    private void send(String key, @Nullable Pod pod, String kind) {
        try {
            byte[] value = pod == null ? null : serializer.serialize(topic, pod);
            Future<RecordMetadata> unused = producer.send(
                    new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value), (metadata, error) -> {
                        if (error != null) {
                            failed(key, pod, error);
                        }
                    });
            Counter.builder("kordon.inventory.writes")
                    .description("Records written to the pods topic, by kind.")
                    .tag("kind", kind)
                    .register(metrics)
                    .increment();
        } catch (RuntimeException e) { // the registry or Kafka is away; an informer must outlive that
            failed(key, pod, e);
        }
    }

    private void failed(String key, @Nullable Pod pod, Exception error) {
        if (pod != null) {
            ledger.notWritten(pod);
        }
        failure("write");
        LOG.warn("pod {} could not be written; it is tried again at the next sweep", key, error);
    }

    private void failure(String where) {
        Counter.builder("kordon.inventory.failures")
                .description("Disturbances of the inventory, by where they happened.")
                .tag("where", where)
                .register(metrics)
                .increment();
    }

    private final class Events implements ResourceEventHandler<io.fabric8.kubernetes.api.model.Pod> {
        @Override
        public void onAdd(io.fabric8.kubernetes.api.model.Pod pod) {
            ledger.seen(pod).forEach(Inventory.this::write);
        }

        @Override
        public void onUpdate(io.fabric8.kubernetes.api.model.Pod before, io.fabric8.kubernetes.api.model.Pod pod) {
            ledger.seen(pod).forEach(Inventory.this::write);
        }

        @Override
        public void onDelete(io.fabric8.kubernetes.api.model.Pod pod, boolean finalStateUnknown) {
            ledger.gone(pod).forEach(Inventory.this::write);
        }
    }
}
