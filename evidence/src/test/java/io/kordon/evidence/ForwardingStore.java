package io.kordon.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Another store, of which a test changes a part. */
class ForwardingStore implements EvidenceStore {
    private final EvidenceStore store;

    ForwardingStore(EvidenceStore store) {
        this.store = store;
    }

    @Override
    public boolean write(String key, Path content) throws IOException {
        return store.write(key, content);
    }

    @Override
    public Optional<InputStream> read(String key) throws IOException {
        return store.read(key);
    }

    @Override
    public List<Stored> list(String prefix) throws IOException {
        return store.list(prefix);
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
