package io.kordon.streams.topology;

import io.kordon.avro.Decision;
import io.kordon.avro.Pod;
import io.kordon.avro.PodHistory;
import io.kordon.avro.Result;
import io.kordon.avro.Signal;
import io.kordon.streams.correlation.Engine;
import io.kordon.streams.correlation.EntityState;
import io.kordon.streams.correlation.Grouping;
import io.kordon.streams.correlation.Input;
import io.kordon.streams.correlation.Outcome;
import io.kordon.streams.incident.Subject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Loads a key's state, lets the engine decide, stores, forwards. */
final class CorrelateProcessor implements Processor<String, SpecificRecord, String, SpecificRecord> {
    private static final Duration TICK = Duration.ofSeconds(1);

    /**
     * Silence on the wall after which a task is taken to have caught up. Until then time is that of its records, or the
     * first tick after an outage would let everything expire that the backlog still speaks of.
     */
    private static final long CAUGHT_UP_MILLIS = 30_000;

    private final Current<Engine> engine;
    private final StreamsMetrics metrics;
    private ProcessorContext<String, SpecificRecord> context;
    private KeyValueStore<String, io.kordon.avro.EntityState> entities;
    private KeyValueStore<String, PodHistory> known;
    private Timers timers;
    private Originals originals;

    /** Wall clock, epoch milliseconds. */
    private long lastRecordAt;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    CorrelateProcessor(Current<Engine> engine, StreamsMetrics metrics) {
        this.engine = engine;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        this.context = context;
        this.entities = context.getStateStore(KordonTopology.ENTITIES);
        this.known = context.getStateStore(KordonTopology.KNOWN);
        KeyValueStore<Bytes, byte[]> times = context.getStateStore(KordonTopology.TIMERS);
        this.timers = new Timers(times);
        this.originals = new Originals(context.getStateStore(KordonTopology.ORIGINALS));
        this.lastRecordAt = context.currentSystemTimeMs();
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, wall -> tick(now()));
    }

    @Override
    public void process(Record<String, SpecificRecord> record) {
        lastRecordAt = context.currentSystemTimeMs();
        SpecificRecord value = record.value();
        String key = record.key();
        if (value instanceof Signal signal) {
            observe(key, signal, record.timestamp());
        } else if (value instanceof PodHistory history) {
            identify(key, history, record.timestamp());
        } else if (value instanceof Result result) {
            CommandRecords.reported(result, lastRecordAt)
                    .ifPresent(input -> apply(key, input, null, record.timestamp()));
        } else if (value instanceof Decision decision) {
            CommandRecords.decided(decision, now()).ifPresent(input -> decide(key, input, record.timestamp()));
        } else if (value == null) {
            known.delete(key); // the container is no longer known
        }
    }

    private void observe(String key, Signal signal, long timestamp) {
        Subject subject = SubjectRecords.subject(signal.getEntity());
        PodHistory history = nameless(signal, subject) ? known.get(key) : null;
        Pod pod = history == null
                ? null
                : Identities.pod(history, subject, Micros.of(signal.getEventTime()), Micros.of(signal.getStart()));
        if (pod == null) {
            apply(key, new Input.Observed(SignalRecords.signal(signal)), signal, timestamp);
        } else if (subject.kind() == Subject.Kind.CONTAINER) {
            move(List.of(signal), pod, timestamp);
        } else {
            Signal identified = SignalRecords.identified(signal, subject, pod);
            apply(key, new Input.Observed(SignalRecords.signal(identified)), identified, timestamp);
        }
    }

    /** Whether the inventory may know more of what a signal speaks of than detection did. */
    private static boolean nameless(Signal signal, Subject subject) {
        return subject.kind() == Subject.Kind.CONTAINER
                || (subject.kind() == Subject.Kind.POD
                        && subject.uid() == null
                        && signal.getGroupBy().equals(Grouping.ENTITY));
    }

    /** Signals of a container whose pod is known now go to the pod's key, and come back from there. */
    private void move(List<Signal> signals, Pod pod, long timestamp) {
        for (Signal signal : signals) {
            Signal moved = SignalRecords.identified(signal, SubjectRecords.subject(signal.getEntity()), pod);
            forward(moved.getKey(), moved, timestamp);
        }
    }

    private void identify(String key, PodHistory history, long timestamp) {
        Pod pod = history.getPods().get(history.getPods().size() - 1);
        boolean container = EntityKeys.isContainer(key);
        if (container) {
            known.put(key, history);
        }
        io.kordon.avro.EntityState stored = entities.get(key);
        if (stored == null) {
            return;
        }
        if (container) {
            move(originals.of(StateRecords.state(stored).signalIds()), pod, timestamp);
            apply(key, new Input.Owned(), null, timestamp);
        } else {
            apply(key, new Input.Identified(Identities.known(history)), null, timestamp);
        }
    }

    private void decide(String key, Input.Decided decided, long timestamp) {
        Outcome outcome = apply(key, decided, null, timestamp);
        boolean taken = outcome.incidents().stream()
                .anyMatch(incident -> incident.hasDecision(decided.verdict().id()));
        metrics.decision(decided.verdict(), taken);
    }

    /** The wall clock of a task that has caught up, else how far the receipt of what it works on has come. */
    private long now() {
        long wall = context.currentSystemTimeMs();
        return wall - lastRecordAt >= CAUGHT_UP_MILLIS
                ? wall
                : Math.max(0, Math.min(wall, context.currentStreamTimeMs()));
    }

    private void tick(long now) {
        for (String key : timers.due(now)) {
            io.kordon.avro.EntityState stored = entities.get(key);
            if (stored != null) {
                stored.setTimerAt(EntityState.NO_TIMER);
                entities.put(key, stored);
                apply(key, new Input.Elapsed(), null, now);
            }
        }
    }

    private Outcome apply(String key, Input input, @Nullable Signal arrived, long timestamp) {
        Engine current = engine.get();
        io.kordon.avro.EntityState stored = entities.get(key);
        EntityState before = stored == null ? null : StateRecords.state(stored);
        Outcome outcome = current.apply(before, input, now());
        store(key, before, outcome.state(), current);
        Set<String> kept = ids(outcome.state());
        if (arrived != null && kept.contains(arrived.getId())) {
            originals.remember(arrived);
        }
        if (outcome.late() && input instanceof Input.Observed observed) {
            metrics.late(observed.signal());
        }
        outcome.matches().forEach(metrics::match);
        outcome.incidents().stream().map(IncidentRecords::record).forEach(incident -> {
            metrics.incident(incident);
            forward(incident.getId(), originals.fill(incident), timestamp);
        });
        outcome.commands().stream().map(CommandRecords::record).forEach(command -> {
            metrics.command(command);
            forward(command.getEntity().getKey(), command, timestamp);
        });
        outcome.derived().forEach(signal -> forward(signal.key(), SignalRecords.record(signal), timestamp));
        Set<String> gone = ids(before);
        gone.removeAll(kept);
        originals.forget(gone);
        return outcome;
    }

    private static Set<String> ids(@Nullable EntityState state) {
        return state == null ? new HashSet<>() : state.signalIds();
    }

    private void store(String key, @Nullable EntityState before, @Nullable EntityState after, Engine current) {
        if (after == null) {
            if (before != null) {
                entities.delete(key);
            }
            return; // a timer that is left over finds nothing
        }
        long due = current.dueAt(after);
        long set = after.timerAt();
        boolean earlier = due != Long.MAX_VALUE && (set == EntityState.NO_TIMER || due < set);
        if (earlier) {
            timers.set(key, set, due);
        }
        EntityState timed = earlier ? after.withTimerAt(due) : after;
        if (!timed.equals(before)) {
            entities.put(key, StateRecords.record(timed));
        }
    }

    private void forward(String key, SpecificRecord value, long timestamp) {
        context.forward(new Record<>(key, value, timestamp));
    }
}
