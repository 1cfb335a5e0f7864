package io.kordon.streams.topology;

import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import io.kordon.avro.Signal;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The senders' JSON of the signals that state speaks of, apart from it: a key's state is read and written at every signal,
 * its evidence only when an incident is told of.
 */
final class Originals {
    /** What the originals of one incident add up to at most, in characters: with three bytes to each the record fits. */
    static final int MAX_PER_INCIDENT = 192 * 1024;

    private final KeyValueStore<String, Signal> store;

    Originals(KeyValueStore<String, Signal> store) {
        this.store = store;
    }

    /** Keeps the original of a signal; of an alert's notifications the one that was received first, as the engine does. */
    void remember(Signal signal) {
        Signal known = store.get(signal.getId());
        if (known == null || signal.getReceivedAt().isBefore(known.getReceivedAt())) {
            store.put(signal.getId(), signal);
        }
    }

    /** The signals that are kept with their originals, of these. */
    List<Signal> of(Set<String> signalIds) {
        return signalIds.stream()
                .sorted()
                .map(store::get)
                .filter(Objects::nonNull)
                .toList();
    }

    void forget(Set<String> signalIds) {
        signalIds.forEach(store::delete);
    }

    /** Puts the originals into an incident's evidence, in its order, as far as they fit. */
    Incident fill(Incident incident) {
        int left = MAX_PER_INCIDENT;
        for (Evidence evidence : incident.getEvidence()) {
            Signal signal = store.get(evidence.getSignalId());
            if (signal != null) {
                boolean fits = signal.getOriginal().length() <= left;
                evidence.setOriginal(fits ? signal.getOriginal() : "");
                evidence.setTruncated(signal.getTruncated() || !fits);
                left -= evidence.getOriginal().length();
            }
        }
        return incident;
    }
}
