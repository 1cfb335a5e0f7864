package io.kordon.streams.topology;

import io.kordon.avro.Pod;
import io.kordon.avro.PodHistory;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * States of pods in, the history of each name out, and under the key of each container the pod that it belongs to. What is
 * forgotten of a name is a tombstone.
 */
final class IdentifyProcessor implements Processor<String, Pod, String, PodHistory> {
    private ProcessorContext<String, PodHistory> context;
    private KeyValueStore<String, PodHistory> known;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    IdentifyProcessor() {}

    @Override
    public void init(ProcessorContext<String, PodHistory> context) {
        this.context = context;
        this.known = context.getStateStore(KordonTopology.KNOWN);
    }

    @Override
    public void process(Record<String, Pod> record) {
        PodHistory before = known.get(record.key());
        Pod pod = record.value();
        PodHistory after = pod == null ? null : Identities.with(before, pod);
        if (after == null ? before == null : after.equals(before)) {
            return;
        }
        known.put(record.key(), after);
        context.forward(record.withValue(after));
        if (pod != null) {
            Identities.containerKeys(pod).forEach(key -> forward(record, key, new PodHistory(List.of(pod))));
        }
        Set<String> gone = Identities.containerKeys(before);
        gone.removeAll(Identities.containerKeys(after));
        gone.forEach(key -> forward(record, key, null));
    }

    private void forward(Record<String, Pod> record, String key, @Nullable PodHistory history) {
        context.forward(record.withKey(key).withValue(history));
    }
}
