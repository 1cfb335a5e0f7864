package io.kordon.streams.topology;

import io.kordon.streams.correlation.EntityState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** When something is due for which key: ordered by time, so that what is due is found without looking at every key. */
final class Timers {
    /** Keys that one look finds at most: a burst of timers must not hold up records for long. */
    private static final int KEYS_AT_ONCE = 10_000;

    private static final byte[] NOTHING = new byte[0];

    private final KeyValueStore<Bytes, byte[]> store;

    Timers(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** Sets a key's timer in place of the one that was set; times are epoch milliseconds. */
    void set(String key, long before, long dueAt) {
        if (before != EntityState.NO_TIMER) {
            store.delete(timer(before, key));
        }
        store.put(timer(dueAt, key), NOTHING);
    }

    /** Takes out the timers that are due, the earliest first. */
    List<String> due(long now) {
        List<Bytes> due = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> range = store.range(timer(0, ""), timer(now, "\uffff"))) {
            while (range.hasNext() && due.size() < KEYS_AT_ONCE) {
                due.add(range.next().key);
            }
        }
        due.forEach(store::delete);
        return due.stream().map(Timers::key).toList();
    }

    /** Sorts by time first: eight bytes of epoch milliseconds, big-endian, then the key. */
    private static Bytes timer(long dueAt, String key) {
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + text.length)
                .putLong(dueAt)
                .put(text)
                .array());
    }

    private static String key(Bytes timer) {
        return new String(timer.get(), Long.BYTES, timer.get().length - Long.BYTES, StandardCharsets.UTF_8);
    }
}
