package io.kordon.elasticsearch;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which companions of records were sent, so that the hundredth revision of an incident does not send the evidence
 * of the ninety-nine before it again. Forgetting costs a document that Elasticsearch finds in place, never one that is lost.
 */
final class Told {
    private final Map<String, Boolean> recent;

    Told(int most) {
        recent = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > most;
            }
        };
    }

    /** Whether it is told for the first time, as far as is remembered. */
    boolean isNew(Document document) {
        return recent.put(document.index() + "/" + document.id(), true) == null;
    }

    /** Records may have been given up before they were written: nothing that was sent counts as written any more. */
    void forget() {
        recent.clear();
    }
}
