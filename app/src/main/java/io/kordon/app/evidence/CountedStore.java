package io.kordon.app.evidence;

import io.kordon.evidence.EvidenceStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A store whose failures are counted, by what was asked of it. */
final class CountedStore implements EvidenceStore {
    private final EvidenceStore store;
    private final Counter writes;
    private final Counter reads;

    CountedStore(EvidenceStore store, MeterRegistry registry) {
        this.store = store;
        this.writes = counter(registry, "write");
        this.reads = counter(registry, "read");
    }

    private static Counter counter(MeterRegistry registry, String operation) {
        return Counter.builder("kordon.evidence.failures")
                .description("What the store of evidence refused or did not answer")
                .tag("operation", operation)
                .register(registry);
    }

    private interface Asked<T> {
        T of() throws IOException;
    }

    private static <T> T counted(Counter failures, Asked<T> asked) throws IOException {
        try {
            return asked.of();
        } catch (IOException e) {
            failures.increment();
            throw e;
        }
    }

    @Override
    public boolean write(String key, Path content) throws IOException {
        return counted(writes, () -> store.write(key, content));
    }

    @Override
    public Optional<InputStream> read(String key) throws IOException {
        return counted(reads, () -> store.read(key));
    }

    @Override
    public List<Stored> list(String prefix) throws IOException {
        return counted(reads, () -> store.list(prefix));
    }

    @Override
    public List<String> folders(String prefix) throws IOException {
        return counted(reads, () -> store.folders(prefix));
    }

    @Override
    public String location(String prefix) {
        return store.location(prefix);
    }

    @Override
    public void close() {
        store.close();
    }
}
