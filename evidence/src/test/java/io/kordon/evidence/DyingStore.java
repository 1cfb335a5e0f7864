package io.kordon.evidence;

import java.io.IOException;
import java.nio.file.Path;

/** A store whose process dies: before or after one of the writes, counted from 0, two to each. */
final class DyingStore extends ForwardingStore {
    private int lives;

    /** Not an IOException: nobody gets to tidy up. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    DyingStore(EvidenceStore store, int lives) {
        super(store);
        this.lives = lives;
    }

    @Override
    public boolean write(String key, Path content) throws IOException {
        live();
        boolean written = super.write(key, content);
        live();
        return written;
    }

    private void live() {
        if (lives-- == 0) {
            throw new Death();
        }
    }
}
