package io.kordon.kubernetes;

import io.kordon.avro.Command;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls commands and hands each partition's records to a {@linkplain Lane lane}. A partition is paused while its lane is
 * at work, so polling goes on, and with it the group membership, however slow the API server is. Offsets are committed
 * only behind acknowledged results.
 */
final class CommandLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private record Work(Lane lane, Future<Void> outcome) {}

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Deserializer<Command> deserializer;
    private final CommandRunner runner;
    private final ResultSink sink;
    private final ExecutorService lanes;
    private final Duration drain;
    private final ActuatorMetrics metrics;
    private final Map<TopicPartition, Work> working = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final Map<TopicPartition, Long> resumeAtNanos = new HashMap<>();
    private volatile boolean stopped;
    private volatile @Nullable String problem = "not started";

    /** @param drain how long commands in work may take to end when a partition is taken away or the loop stops */
    CommandLoop(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Deserializer<Command> deserializer,
            CommandRunner runner,
            ResultSink sink,
            ExecutorService lanes,
            Duration drain,
            ActuatorMetrics metrics) {
        this.consumer = consumer;
        this.topic = topic;
        this.deserializer = deserializer;
        this.runner = runner;
        this.sink = sink;
        this.lanes = lanes;
        this.drain = drain;
        this.metrics = metrics;
    }

    /** Why commands are not being worked on, or null while they are. */
    @Nullable
    String problem() {
        return problem;
    }

    /** Ends the loop; from any thread. */
    void stop() {
        stopped = true;
        consumer.wakeup();
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(topic), new Rebalance());
            while (!stopped) {
                turn();
            }
        } catch (WakeupException e) {
            LOG.debug("woken up to stop");
        } catch (InterruptException e) {
            LOG.debug("interrupted to stop");
        } catch (RuntimeException | Error e) {
            problem = "the command loop ended: " + e.getMessage();
            metrics.failure("loop");
            LOG.error("the command loop ended: no command is run until the actuator is started again", e);
            throw e;
        } finally {
            drainAndClose();
        }
    }

    private void turn() {
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (TopicPartition partition : records.partitions()) {
                begin(partition, records.records(partition));
            }
            List.copyOf(working.keySet()).forEach(this::settle);
            resumeRested();
            problem = null;
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // The client has retried what it may; a fatal error comes again at the next poll and is then seen here too.
            problem = "Kafka: " + e.getMessage();
            metrics.failure("kafka");
            LOG.warn("could not poll or commit; going on", e);
            pauseAfterTrouble();
        }
    }

    private void begin(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Lane lane = new Lane(records, deserializer, runner, sink, metrics);
        consumer.pause(List.of(partition));
        working.put(partition, new Work(lane, lanes.submit(lane)));
    }

    private void settle(TopicPartition partition) {
        Work work = working.get(partition);
        if (work == null) {
            return;
        }
        boolean ended = work.outcome.isDone();
        commit(Map.of(partition, work.lane.next()));
        if (!ended) {
            return;
        }
        working.remove(partition);
        try {
            work.outcome.get();
            consumer.resume(List.of(partition));
        } catch (ExecutionException e) {
            metrics.failure("lane");
            LOG.warn("{}: going back to offset {} in a moment", partition, work.lane.next(), e.getCause());
            consumer.seek(partition, work.lane.next());
            resumeAtNanos.put(partition, System.nanoTime() + RETRY_AFTER.toNanos());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void resumeRested() {
        resumeAtNanos.entrySet().removeIf(entry -> {
            boolean rested = System.nanoTime() - entry.getValue() >= 0;
            if (rested && consumer.assignment().contains(entry.getKey())) {
                consumer.resume(List.of(entry.getKey()));
            }
            return rested;
        });
    }

    private void commit(Map<TopicPartition, Long> next) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        next.forEach((partition, offset) -> {
            if (offset > committed.getOrDefault(partition, -1L)) {
                offsets.put(partition, new OffsetAndMetadata(offset));
            }
        });
        if (!offsets.isEmpty()) {
            consumer.commitSync(offsets);
            offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
        }
    }

    private void pauseAfterTrouble() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_AFTER.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void drainAndClose() {
        try (consumer) {
            Thread.interrupted(); // so that the goodbye to the group can be said
            release(List.copyOf(working.keySet()), true);
        } catch (KafkaException e) {
            LOG.warn("could not commit at the end; the commands in work will be run again, which does no harm", e);
        }
    }

    /** Ends the lanes of these partitions, and commits what they have done if that is still ours to commit. */
    private void release(Collection<TopicPartition> partitions, boolean ours) {
        Map<TopicPartition, Work> leaving = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Work work = working.remove(partition);
            if (work != null) {
                work.lane.stop();
                leaving.put(partition, work);
            }
            resumeAtNanos.remove(partition);
        }
        long deadline = System.nanoTime() + drain.toNanos();
        Map<TopicPartition, Long> next = new HashMap<>();
        leaving.forEach((partition, work) -> {
            await(work, deadline);
            next.put(partition, work.lane.next());
        });
        try {
            if (ours) {
                commit(next);
            }
        } finally {
            partitions.forEach(committed::remove);
        }
    }

    private static void await(Work work, long deadline) {
        try {
            work.outcome.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            work.outcome.cancel(true);
        } catch (ExecutionException e) {
            LOG.debug("the lane had ended with an error", e);
        } catch (InterruptedException e) {
            work.outcome.cancel(true);
            Thread.currentThread().interrupt();
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            LOG.info("working on commands of {}", partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            release(partitions, true);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            release(partitions, false);
        }
    }
}
