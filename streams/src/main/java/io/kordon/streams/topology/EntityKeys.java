package io.kordon.streams.topology;

import io.kordon.schemas.EntityKey;
import io.kordon.streams.correlation.Grouping;
import io.kordon.streams.incident.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys as all of Kordon spells them. */
public enum EntityKeys implements Grouping.Keys {
    SPELLING;

    /** Whether it is the key of a container: a namespace of that name is escaped in pods' keys. */
    static boolean isContainer(String key) {
        int slash = key.indexOf('/');
        return slash >= 0 && key.startsWith("container/", slash + 1);
    }

    @Override
    public String group(String cluster, List<String> fields, List<String> values) {
        return EntityKey.group(cluster, fields, values);
    }

    @Override
    public String user(String cluster, String name) {
        return EntityKey.user(cluster, name);
    }

    @Override
    public String cluster(String cluster) {
        return EntityKey.cluster(cluster);
    }

    @Override
    public @Nullable Subject pod(String key) {
        return EntityKey.podOf(key).map(SubjectRecords::subject).orElse(null);
    }
}
