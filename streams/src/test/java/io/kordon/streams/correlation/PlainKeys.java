package io.kordon.streams.correlation;

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
}
