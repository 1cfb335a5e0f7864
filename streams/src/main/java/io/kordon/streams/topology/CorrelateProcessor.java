package io.kordon.streams.topology;

import io.kordon.avro.Result;
import io.kordon.avro.Signal;
import io.kordon.streams.correlation.Engine;
import io.kordon.streams.correlation.EntityState;
import io.kordon.streams.correlation.Input;
import io.kordon.streams.correlation.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Loads a key's state, lets the engine decide, stores, forwards. Timers lie in a store of their own, ordered by the time
 * at which they are due, so that what is due is found without looking at every key.
 */
final class CorrelateProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Keys that one tick ages at most: a burst of timers must not hold up records for long. */
    private static final int KEYS_PER_TICK = 10_000;

    /**
     * Silence on the wall after which a task is taken to have caught up. Until then time is that of its records, or the
     * first tick after an outage would let everything expire that the backlog still speaks of.
     */
    private static final long CAUGHT_UP_MILLIS = 30_000;

    private static final byte[] NOTHING = new byte[0];

    private final Engine engine;
    private final StreamsMetrics metrics;
    private ProcessorContext<String, SpecificRecord> context;
    private KeyValueStore<String, io.kordon.avro.EntityState> entities;
    private KeyValueStore<Bytes, byte[]> timers;
    private Originals originals;

    /** Wall clock, epoch milliseconds. */
    private long lastRecordAt;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    CorrelateProcessor(Engine engine, StreamsMetrics metrics) {
        this.engine = engine;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        this.context = context;
        this.entities = context.getStateStore(KordonTopology.ENTITIES);
        this.timers = context.getStateStore(KordonTopology.TIMERS);
        this.originals = new Originals(context.getStateStore(KordonTopology.ORIGINALS));
        this.lastRecordAt = context.currentSystemTimeMs();
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, wall -> tick(now()));
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
        lastRecordAt = context.currentSystemTimeMs();
        SpecificRecord value = record.value();
        if (value instanceof Signal signal) {
            apply(record.key(), new Input.Observed(SignalRecords.signal(signal)), signal, record.timestamp());
        } else if (value instanceof Result result) {
            CommandRecords.reported(result).ifPresent(input -> apply(record.key(), input, null, record.timestamp()));
        }
    }

    /** The wall clock of a task that has caught up, else how far the receipt of what it works on has come. */
    private long now() {
        long wall = context.currentSystemTimeMs();
        return wall - lastRecordAt >= CAUGHT_UP_MILLIS
                ? wall
                : Math.max(0, Math.min(wall, context.currentStreamTimeMs()));
    }

    private void tick(long now) {
        List<KeyValue<Bytes, String>> due = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> range = timers.range(timer(0, ""), timer(now, "\uffff"))) {
            while (range.hasNext() && due.size() < KEYS_PER_TICK) {
                Bytes timer = range.next().key;
                due.add(KeyValue.pair(timer, key(timer)));
            }
        }
        for (KeyValue<Bytes, String> timer : due) {
            timers.delete(timer.key);
            io.kordon.avro.EntityState stored = entities.get(timer.value);
            if (stored != null) {
                stored.setTimerAt(EntityState.NO_TIMER);
                entities.put(timer.value, stored);
                apply(timer.value, new Input.Elapsed(), null, now);
            }
        }
    }

    private void apply(String key, Input input, @Nullable Signal arrived, long timestamp) {
        io.kordon.avro.EntityState stored = entities.get(key);
        EntityState before = stored == null ? null : StateRecords.state(stored);
        Outcome outcome = engine.apply(before, input, now());
        store(key, before, outcome.state());
        Set<String> kept = ids(outcome.state());
        if (arrived != null && kept.contains(arrived.getId())) {
            originals.remember(arrived);
        }
        if (outcome.late() && input instanceof Input.Observed observed) {
            metrics.late(observed.signal());
        }
        outcome.incidents().stream().map(IncidentRecords::record).forEach(incident -> {
            metrics.incident(incident);
            forward(incident.getId(), originals.fill(incident), timestamp);
        });
        outcome.commands().stream().map(CommandRecords::record).forEach(command -> {
            metrics.command(command);
            forward(command.getEntity().getKey(), command, timestamp);
        });
        Set<String> gone = ids(before);
        gone.removeAll(kept);
        originals.forget(gone);
    }

    private static Set<String> ids(@Nullable EntityState state) {
        return state == null ? new HashSet<>() : state.signalIds();
    }

    private void store(String key, @Nullable EntityState before, @Nullable EntityState after) {
        if (after == null) {
            if (before != null) {
                entities.delete(key);
            }
            return; // a timer that is left over finds nothing
        }
        EntityState timed = after;
        long due = engine.dueAt(after);
        long set = after.timerAt();
        if (due != Long.MAX_VALUE && (set == EntityState.NO_TIMER || due < set)) {
            if (set != EntityState.NO_TIMER) {
                timers.delete(timer(set, key));
            }
            timers.put(timer(due, key), NOTHING);
            timed = after.withTimerAt(due);
        }
        if (!timed.equals(before)) {
            entities.put(key, StateRecords.record(timed));
        }
    }

    private void forward(String key, SpecificRecord value, long timestamp) {
        context.forward(new Record<>(key, value, timestamp));
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
