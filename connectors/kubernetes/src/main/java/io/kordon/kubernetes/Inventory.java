package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.kordon.avro.Pod;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.EntityKey;
import io.kordon.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the pods topic which pods there are, to which workloads they belong, and which have gone, so that events which lack a
 * UID or a pod's name can be resolved. Writes only when something changed that matters to that; an end is a record with
 * {@code deletedAt}, because readers must learn that a generation is over, and a tombstone follows when nobody asks any more.
 *
 * <p>Everything is decided and written by one thread, in the order in which the API server told it.
 */
public final class Inventory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Inventory.class);

    /** A forged one must not fill the memory: whoever creates pods may write 256 KiB into each. */
    private static final int LONGEST_HOLD = 16 * 1024;

    private static final Set<Permission> PODS =
            Set.of(new Permission("list", "", "pods"), new Permission("watch", "", "pods"));
    private static final Set<Permission> REPLICA_SETS =
            Set.of(new Permission("list", "apps", "replicasets"), new Permission("watch", "apps", "replicasets"));
    private static final Set<Permission> JOBS =
            Set.of(new Permission("list", "batch", "jobs"), new Permission("watch", "batch", "jobs"));
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** How long the pods wait for their owners, which saves most of them a second record. */
    private static final Duration OWNERS_FIRST = Duration.ofSeconds(10);

    private static final Duration WRITE_OUT = Duration.ofSeconds(5);
    /** Characters of a namespace, name or UID that make a key; the API server takes 253. */
    private static final int KEY_PART = 1024;

    private final InventoryConfig config;
    private final String topic;
    private final MeterRegistry metrics;
    private final PodLedger ledger;
    private final PodPublisher publisher;
    private final KindWatch<io.fabric8.kubernetes.api.model.Pod> pods;
    private final List<KindWatch<?>> owners;
    private final Duration pause;
    private final ScheduledExecutorService worker = worker();
    private final AtomicLong lastTold = new AtomicLong(System.nanoTime());
    private volatile @Nullable String starting = "the pods topic is being read";

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
        this.metrics = metrics;
        this.pause = config.resync().compareTo(PAUSE) < 0 ? config.resync() : PAUSE;
        Workloads workloads = new Workloads();
        this.ledger = new PodLedger(config.cluster(), workloads, clock);
        this.publisher = new PodPublisher(topic, producer, serializer, ledger, worker, pause, metrics);
        this.pods = new KindWatch<>(
                "pods",
                PODS,
                client.pods(),
                config.namespaces(),
                config.resync(),
                () -> new SlimStore<>(Inventory::slim),
                new PodEvents(),
                () -> failure(metrics, "watch"));
        KindWatch<ReplicaSet> replicaSets = new KindWatch<>(
                "replicasets",
                REPLICA_SETS,
                client.apps().replicaSets(),
                config.namespaces(),
                Duration.ZERO,
                workloads::replicaSets,
                new OwnerEvents<>(),
                () -> failure(metrics, "owners"));
        KindWatch<Job> jobs = new KindWatch<>(
                "jobs",
                JOBS,
                client.batch().v1().jobs(),
                config.namespaces(),
                Duration.ZERO,
                workloads::jobs,
                new OwnerEvents<>(),
                () -> failure(metrics, "owners"));
        this.owners = List.of(replicaSets, jobs);
        Gauge.builder("kordon.inventory.pods", ledger, known -> known.alive().size())
                .description("Pods that the inventory knows to be alive.")
                .register(metrics);
        Gauge.builder("kordon.inventory.silence", lastTold, told -> (System.nanoTime() - told.get()) / 1e9)
                .description("Time since the API server last told of a change of a pod.")
                .baseUnit("seconds")
                .register(metrics);
        watching("pods", pods);
        watching("replicasets", replicaSets);
        watching("jobs", jobs);
        Gauge.builder("kordon.inventory.owners", workloads, Workloads::size)
                .description("ReplicaSets and Jobs that the inventory knows.")
                .register(metrics);
        Gauge.builder("kordon.inventory.pods.waiting", ledger, PodLedger::waiting)
                .description("Pods whose workload is not known yet.")
                .register(metrics);
    }

    private void watching(String kind, KindWatch<?> watch) {
        Gauge.builder("kordon.inventory.watching", watch, each -> each.watching() ? 1 : 0)
                .description("1 while the watch of a kind stands.")
                .tag("kind", kind)
                .register(metrics);
    }

    /** One thread; when it is shut down, what it has to do now is done, and what it was to do later is not. */
    private static ScheduledExecutorService worker() {
        ScheduledThreadPoolExecutor worker =
                new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "kordon-inventory"));
        worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return worker;
    }

    /** What the inventory asks of the API server. Without those for owners it works and knows less. */
    public static Set<Permission> permissions() {
        Set<Permission> permissions = new HashSet<>(PODS);
        permissions.addAll(REPLICA_SETS);
        permissions.addAll(JOBS);
        return Set.copyOf(permissions);
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
        // A broker that is away must be noticed before much is in doubt: what failed is written again by us.
        producerProperties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        producerProperties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        producerProperties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 25_000);
        Inventory inventory = new Inventory(
                config,
                topics,
                new KafkaProducer<>(producerProperties, new ByteArraySerializer(), new ByteArraySerializer()),
                serdes.serializer(),
                client,
                Clock.systemUTC(),
                metrics);
        inventory.begin(
                () -> new KafkaConsumer<>(consumerProperties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                serdes.deserializer());
        return inventory;
    }

    /** Why the topic does not follow the cluster, or not in all it could tell; null while it does. */
    public @Nullable String problem() {
        String notStarted = starting;
        if (notStarted != null) {
            String why = pods.failure();
            return why == null ? notStarted : "the pods cannot be listed: " + why;
        }
        Stream<@Nullable String> problems = Stream.concat(
                Stream.of(publisher.problem(), pods.problem()), owners.stream().map(KindWatch::problem));
        return problems.filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** Writes what it has been told so far, ten seconds at most; what it could not is found at the next start. */
    @Override
    public void close() {
        pods.close();
        owners.forEach(KindWatch::close);
        worker.shutdown();
        try {
            if (!worker.awaitTermination(WRITE_OUT.toMillis(), TimeUnit.MILLISECONDS)) {
                worker.shutdownNow();
            }
            if (!worker.awaitTermination(WRITE_OUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the inventory's worker is still at work; leaving it behind");
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
        publisher.close();
    }

    /** @param consumer makes one; it is asked again where the topic could not be read */
    void begin(Supplier<Consumer<byte[], byte[]>> consumer, Deserializer<Pod> deserializer) {
        work("read", () -> load(consumer, deserializer));
        long every = config.resync().toMillis();
        ScheduledFuture<?> unused = worker.scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
    }

    static void failure(MeterRegistry metrics, String where) {
        Counter.builder("kordon.inventory.failures")
                .description("Disturbances of the inventory, by where they happened.")
                .tag("where", where)
                .register(metrics)
                .increment();
    }

    boolean watches(@Nullable String namespace) {
        return config.namespaces().isEmpty()
                || (namespace != null && config.namespaces().contains(namespace));
    }

    private void work(String where, Runnable task) {
        if (!worker.isShutdown()) {
            worker.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    failure(metrics, where);
                    LOG.warn("the inventory failed at: {}", where, e);
                }
            });
        }
    }

    /** Reads what the topic says. Without that, pods which vanished while nobody watched would never get their end. */
    private void load(Supplier<Consumer<byte[], byte[]>> consumers, Deserializer<Pod> deserializer) {
        String why = read(consumers, deserializer);
        if (why == null) {
            deserializer.close();
            watch();
            return;
        }
        failure(metrics, "read");
        starting = topic + " cannot be read: " + why;
        LOG.warn("{} could not be read to its end, trying again in {}: {}", topic, pause, why);
        if (!worker.isShutdown()) {
            ScheduledFuture<?> unused =
                    worker.schedule(() -> load(consumers, deserializer), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Why not, or null where it was read to its end. */
    private @Nullable String read(Supplier<Consumer<byte[], byte[]>> consumers, Deserializer<Pod> deserializer) {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            return PodTopic.read(consumer, topic, deserializer, config.readTimeout(), ledger::load)
                    ? null
                    : "nothing came within " + config.readTimeout();
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The owners first, unless they take too long or may not be seen. */
    private void watch() {
        starting = "the owners of pods are being listed";
        CompletableFuture<?>[] settled = owners.stream()
                .map(kind -> CompletableFuture.anyOf(kind.start(), kind.refused()))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> unused = CompletableFuture.allOf(settled)
                .completeOnTimeout(null, OWNERS_FIRST.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, error) -> work("watch", this::watchPods));
    }

    private void watchPods() {
        starting = "the pods are being listed";
        CompletableFuture<Void> unused = pods.start()
                .whenComplete((done, error) -> work("watch", () -> {
                    if (error != null) {
                        starting = "the pods could not be listed: " + error.getMessage();
                    } else {
                        buryVanished();
                        starting = null;
                    }
                }));
    }

    /** Ends what is missing, and takes out of the topic what ended long ago. */
    private void sweep() {
        try {
            if (starting == null) {
                buryVanished();
            }
            ledger.expired(config.forgetAfter()).forEach(publisher::forget);
        } catch (RuntimeException e) { // one that escaped would end all further sweeps
            failure(metrics, "sweep");
            LOG.warn("could not sweep the pods topic; trying again", e);
        }
    }

    /**
     * Ends the pods that are missing. The order matters: a pod that appears in between must not be taken for missing. One
     * whose name another bears is ended when that one is seen.
     */
    private void buryVanished() {
        List<Pod> believed = ledger.alive();
        Set<String> existing = new HashSet<>();
        pods.existing()
                .map(HasMetadata::getMetadata)
                .forEach(metadata ->
                        existing.add(EntityKey.pod(config.cluster(), metadata.getNamespace(), metadata.getName())));
        for (Pod pod : believed) {
            if (watches(pod.getEntity().getNamespace())
                    && !existing.contains(pod.getEntity().getKey())) {
                publisher.write(ledger.gone(pod));
            }
        }
    }

    /** Of the parts that nobody reads, the two that are large. Of the annotations our own is read. */
    private static io.fabric8.kubernetes.api.model.Pod slim(io.fabric8.kubernetes.api.model.Pod pod) {
        pod.getMetadata().setManagedFields(List.of());
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String hold = annotations == null ? null : annotations.get(Hold.ANNOTATION);
        pod.getMetadata()
                .setAnnotations(
                        hold == null || hold.length() > LONGEST_HOLD ? Map.of() : Map.of(Hold.ANNOTATION, hold));
        return pod;
    }

    private final class PodEvents implements ResourceEventHandler<io.fabric8.kubernetes.api.model.Pod> {
        @Override
        public void onAdd(io.fabric8.kubernetes.api.model.Pod pod) {
            lastTold.set(System.nanoTime());
            seen(pod);
        }

        private void seen(io.fabric8.kubernetes.api.model.Pod pod) {
            if (named(pod.getMetadata())) {
                work("pod", () -> publisher.write(ledger.seen(pod)));
            }
        }

        @Override
        public void onUpdate(io.fabric8.kubernetes.api.model.Pod before, io.fabric8.kubernetes.api.model.Pod pod) {
            // What stands still is told again by the informer itself, which is no word of the API server.
            if (!Objects.equals(
                    before.getMetadata().getResourceVersion(), pod.getMetadata().getResourceVersion())) {
                lastTold.set(System.nanoTime());
            }
            seen(pod);
        }

        @Override
        public void onDelete(io.fabric8.kubernetes.api.model.Pod pod, boolean finalStateUnknown) {
            lastTold.set(System.nanoTime());
            if (named(pod.getMetadata())) {
                work("pod", () -> publisher.write(ledger.gone(pod)));
            }
        }

        /** No API server takes longer names; a key of them might not fit through Kafka. */
        private boolean named(ObjectMeta metadata) {
            boolean fits = Stream.of(metadata.getNamespace(), metadata.getName(), metadata.getUid())
                    .allMatch(part -> part != null && part.length() <= KEY_PART);
            if (!fits) {
                failure(metrics, "name");
                LOG.warn(
                        "a pod is left out: its namespace, name or uid is missing or has more than {} characters",
                        KEY_PART);
            }
            return fits;
        }
    }

    private final class OwnerEvents<T extends HasMetadata> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T owner) {
            String uid = owner.getMetadata().getUid();
            work("owner", () -> publisher.write(ledger.ownerSeen(uid)));
        }

        @Override
        public void onUpdate(T before, T owner) {
            if (!Objects.equals(controllerUid(before), controllerUid(owner))) {
                String uid = owner.getMetadata().getUid();
                work("owner", () -> publisher.write(ledger.ownerChanged(uid)));
            }
        }

        @Override
        public void onDelete(T owner, boolean finalStateUnknown) {
            // What was known of its pods' workload stays known; they are about to go, too, or get another owner.
        }

        private @Nullable String controllerUid(HasMetadata owner) {
            OwnerReference controller = PodRecords.controller(owner.getMetadata());
            return controller == null ? null : controller.getUid();
        }
    }
}
