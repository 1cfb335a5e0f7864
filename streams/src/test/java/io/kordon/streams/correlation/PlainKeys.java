package io.kordon.streams.correlation;

import io.kordon.streams.incident.Subject;
import java.util.List;

/** Keys as plain as can be. */
enum PlainKeys implements Grouping.Keys {
    PLAIN;

    @Override
    public String group(String cluster, List<String> fields, List<String> values) {
        return cluster + "/group/" + fields + "=" + values;
    }

    @Override
    public String user(String cluster, String name) {
        return cluster + "/user/" + name;
    }

    @Override
    public String cluster(String cluster) {
        return cluster;
    }

    @Override
    public Subject pod(String key) {
        String[] parts = key.split("/", -1);
        return parts.length != 3 || parts[1].equals("user") || parts[1].equals("group")
                ? null
                : new Subject(key, Subject.Kind.POD, parts[0], parts[1], parts[2], null, null, null, null);
    }
}
