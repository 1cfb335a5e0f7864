package io.kordon.kubernetes;

import io.kordon.avro.ContainerContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bounds of what a record says of a pod. Whoever may create pods writes most of it, up to what etcd takes (1.5 MiB), and it
 * travels on in every signal and incident, so that it must stay small beside their evidence.
 */
final class PodBounds {
    /** Bytes of labels: some three hundred of usual size. */
    static final int LABELS = 24 * 1024;
    /** Bytes of containers: some two hundred of usual size. */
    static final int CONTAINERS = 48 * 1024;

    static final int OWNERS = 16;
    /** Characters of a name. The API server takes 253. */
    static final int NAME = 256;
    /** Characters of an image reference: the registry protocol's 255, a tag's 128, a digest, and a host. */
    static final int IMAGE = 512;
    /** The label that says how many others were left out. */
    static final String OMITTED = Labels.OWN_PREFIX + "omitted-labels";

    private static final int CONTAINER_OVERHEAD = 16;

    private PodBounds() {}

    /** The labels, or the first of them by key and how many more there are. */
    static Map<String, String> labels(Map<String, String> labels) {
        Map<String, String> kept = new TreeMap<>();
        int bytes = 0;
        for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
            bytes += bytes(label.getKey()) + bytes(label.getValue());
            if (bytes > LABELS) {
                kept.put(OMITTED, Integer.toString(labels.size() - kept.size()));
                break;
            }
            kept.put(label.getKey(), label.getValue());
        }
        return Map.copyOf(kept);
    }

    /** The containers; where they are too many those that have started come first, since events speak of them. */
    static List<ContainerContext> containers(List<ContainerContext> containers) {
        if (containers.stream().mapToInt(PodBounds::bytes).sum() <= CONTAINERS) {
            return containers;
        }
        List<ContainerContext> order = new ArrayList<>(containers.size());
        containers.stream().filter(container -> container.getId() != null).forEach(order::add);
        containers.stream().filter(container -> container.getId() == null).forEach(order::add);
        List<ContainerContext> kept = new ArrayList<>();
        int bytes = 0;
        for (ContainerContext container : order) {
            bytes += bytes(container);
            if (bytes > CONTAINERS) {
                break;
            }
            kept.add(container);
        }
        return kept;
    }

    /** The text, cut at a number of characters, never within one. */
    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    private static int bytes(ContainerContext container) {
        String id = container.getId();
        return CONTAINER_OVERHEAD
                + bytes(container.getName())
                + bytes(container.getImage())
                + (id == null ? 0 : bytes(id));
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
