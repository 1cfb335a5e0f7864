package io.kordon.streams.topology;

import io.kordon.avro.Pod;
import io.kordon.avro.PodHistory;
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
    private final Current<Detection> detection;
    private final Policy policy;
    private final Deserializer<PodHistory> decoder;
    private final StreamsMetrics metrics;
    private ProcessorContext<String, io.kordon.avro.Signal> context;
    private ReadOnlyKeyValueStore<String, ValueAndTimestamp<byte[]>> identities;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    DetectProcessor(
            BiFunction<V, Policy, List<Observation>> observe,
            Current<Detection> detection,
            Policy policy,
            Deserializer<PodHistory> decoder,
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
        this.identities = context.getStateStore(KordonTopology.IDENTITIES);
    }

    @Override
    public void process(Record<String, V> record) {
        List<Observation> observations = observe.apply(record.value(), policy);
        metrics.observed(observations.get(0));
        String original = observations.get(0).original();
        for (Signal signal : detection.get().signals(observations, this::resolve)) {
            metrics.signal(signal);
            context.forward(new Record<>(signal.key(), SignalRecords.record(signal, original), record.timestamp()));
        }
    }

    /** The pod that bore the name, or owned the container, at that time, by the inventory. */
    private Detection.Resolved resolve(Subject subject, long at) {
        boolean podOrContainer = subject.kind() == Subject.Kind.POD || subject.kind() == Subject.Kind.CONTAINER;
        PodHistory history = podOrContainer ? history(subject.key()) : null;
        Pod pod = history == null ? null : Identities.pod(history, subject, at);
        return pod == null
                ? new Detection.Resolved(subject, null)
                : new Detection.Resolved(Identities.identified(subject, pod), SubjectRecords.context(pod.getContext()));
    }

    /**
     * Decoded here and not by the table: a failure in the thread that keeps a global table stops the whole application,
     * one of a task stops that task until the registry is back. What can never be decoded is unknown.
     */
    private @Nullable PodHistory history(String key) {
        ValueAndTimestamp<byte[]> known = identities.get(key);
        if (known == null) {
            return null;
        }
        try {
            return decoder.deserialize(KordonTopology.IDENTITIES, known.value());
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
