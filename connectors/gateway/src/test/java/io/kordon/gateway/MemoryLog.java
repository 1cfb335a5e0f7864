package io.kordon.gateway;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Keeps records in memory; can be away, or slow. */
final class MemoryLog implements EventLog {
    final List<ProducerRecord<byte[], byte[]>> records = new CopyOnWriteArrayList<>();
    volatile boolean away;
    volatile @Nullable CompletableFuture<Void> held;

    /** Appending blocks until it is open, as a producer does that has no room. */
    volatile @Nullable CountDownLatch blocked;

    @Override
    public CompletableFuture<Void> append(List<ProducerRecord<byte[], byte[]>> appended) {
        if (away) {
            return CompletableFuture.failedFuture(new TimeoutException("no broker answers"));
        }
        CountDownLatch latch = blocked;
        if (latch != null) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        CompletableFuture<Void> wait = held;
        records.addAll(appended);
        return wait == null ? CompletableFuture.completedFuture(null) : wait;
    }

    List<ProducerRecord<byte[], byte[]>> of(String topic) {
        return records.stream().filter(r -> r.topic().equals(topic)).toList();
    }

    static @Nullable String header(ProducerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader("kordon.rejected." + name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable String trouble() {
        return away ? "no broker answers" : null;
    }

    @Override
    public void close() {}
}
