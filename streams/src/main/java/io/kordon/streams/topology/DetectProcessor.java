package io.kordon.streams.topology;

import io.kordon.avro.Pod;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.correlation.Signal;
import io.kordon.streams.incident.Subject;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.jspecify.annotations.Nullable;

/** Events in, signals out, keyed by correlation key. Reads the inventory's table to know whom an event is about. */
final class DetectProcessor<V> implements Processor<String, V, String, io.kordon.avro.Signal> {
    private final BiFunction<V, Policy, List<Observation>> observe;
    private final Detection detection;
    private final Policy policy;
    private final Deserializer<Pod> decoder;
    private final StreamsMetrics metrics;
    private ProcessorContext<String, io.kordon.avro.Signal> context;
    private ReadOnlyKeyValueStore<String, ValueAndTimestamp<byte[]>> pods;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    DetectProcessor(
            BiFunction<V, Policy, List<Observation>> observe,
            Detection detection,
            Policy policy,
            Deserializer<Pod> decoder,
            StreamsMetrics metrics) {
        this.observe = observe;
        this.detection = detection;
        this.policy = policy;
        this.decoder = decoder;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, io.kordon.avro.Signal> context) {
        this.context = context;
        this.pods = context.getStateStore(KordonTopology.PODS);
    }

    @Override
    public void process(Record<String, V> record) {
        List<Observation> observations = observe.apply(record.value(), policy);
        metrics.observed(observations.get(0));
        String original = observations.get(0).original();
        for (Signal signal : detection.signals(observations, this::resolve)) {
            metrics.signal(signal);
            context.forward(new Record<>(signal.key(), SignalRecords.record(signal, original), record.timestamp()));
        }
    }

    /** The pod that bore the name at that time, by the inventory; a pod created later is another one. */
    private Detection.Resolved resolve(Subject subject, long at) {
        Pod pod = subject.kind() == Subject.Kind.POD ? pod(subject.key()) : null;
        if (pod == null) {
            return new Detection.Resolved(subject, null);
        }
        String uid = pod.getEntity().getUid();
        boolean lived = Micros.of(pod.getCreatedAt()) <= at
                && (pod.getDeletedAt() == null || at <= Micros.of(pod.getDeletedAt()));
        boolean same = subject.uid() == null ? lived : subject.uid().equals(uid);
        return same
                ? new Detection.Resolved(
                        subject.of(uid, pod.getContext().getNode()), SubjectRecords.context(pod.getContext()))
                : new Detection.Resolved(subject, null);
    }

    /**
     * Decoded here and not by the table: a failure in the thread that keeps a global table stops the whole application,
     * one of a task stops that task until the registry is back. A pod that can never be decoded is an unknown one.
     */
    private @Nullable Pod pod(String key) {
        ValueAndTimestamp<byte[]> known = pods.get(key);
        if (known == null) {
            return null;
        }
        try {
            return decoder.deserialize(KordonTopology.PODS, known.value());
        } catch (SerializationException e) {
            if (RejectingHandler.outage(e)) {
                throw e;
            }
            metrics.undecodablePod();
            return null;
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
