package io.kordon.kubernetes.capture;

import io.kordon.schemas.KubernetesNames;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a playbook says of its {@code capture}.
 *
 * @param containers names of the containers to look at; empty for all
 * @param logBytes most bytes kept of each log, its last ones, in [1024, 268435456]
 * @param exec whether programs may be run in the pod's containers
 * @param debugImage image of the ephemeral container for containers that have no shell; empty for none
 * @param checkpoint whether checkpoints of the containers are asked for
 * @param snapshot whether snapshots of the volumes are asked for
 */
public record CaptureParameters(
        Set<String> containers, long logBytes, boolean exec, String debugImage, boolean checkpoint, boolean snapshot) {
    public static final String CONTAINERS = "containers";
    public static final String LOG_BYTES = "logBytes";
    public static final String EXEC = "exec";
    public static final String DEBUG_IMAGE = "debugImage";
    public static final String CHECKPOINT = "checkpoint";
    public static final String SNAPSHOT = "snapshot";

    public static final long DEFAULT_LOG_BYTES = 8L * 1024 * 1024;
    private static final long LEAST_LOG_BYTES = 1024;
    private static final long MOST_LOG_BYTES = 256L * 1024 * 1024;
    private static final Set<String> NAMES = Set.of(CONTAINERS, LOG_BYTES, EXEC, DEBUG_IMAGE, CHECKPOINT, SNAPSHOT);

    /** Reference of an image: registry, path, tag and digest. */
    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,511}");

    public CaptureParameters {
        containers = Set.copyOf(containers);
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException with the parameter, its value and what it should be
     */
    public static CaptureParameters parse(Map<String, String> given) {
        for (String name : given.keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        "there is no parameter " + name + "; there are " + String.join(", ", new TreeSet<>(NAMES)));
            }
        }
        return new CaptureParameters(
                containers(given.getOrDefault(CONTAINERS, "")),
                logBytes(given.getOrDefault(LOG_BYTES, Long.toString(DEFAULT_LOG_BYTES))),
                flag(given, EXEC),
                image(given.getOrDefault(DEBUG_IMAGE, "")),
                flag(given, CHECKPOINT),
                flag(given, SNAPSHOT));
    }

    boolean wants(String container) {
        return containers.isEmpty() || containers.contains(container);
    }

    private static Set<String> containers(String text) {
        Set<String> names = new TreeSet<>();
        if (!text.isBlank()) {
            Arrays.stream(text.split(",", -1)).map(String::trim).forEach(name -> {
                if (!KubernetesNames.isNamespace(name)) { // both are RFC 1123 labels
                    throw bad(CONTAINERS, name, "is no name of a container; write containers: tomcat,sidecar");
                }
                names.add(name);
            });
        }
        return names;
    }

    private static long logBytes(String text) {
        if (!text.matches("\\d{1,12}")
                || Long.parseLong(text) < LEAST_LOG_BYTES
                || Long.parseLong(text) > MOST_LOG_BYTES) {
            throw bad(LOG_BYTES, text, "is not a number of bytes from " + LEAST_LOG_BYTES + " to " + MOST_LOG_BYTES);
        }
        return Long.parseLong(text);
    }

    private static boolean flag(Map<String, String> given, String name) {
        String text = given.getOrDefault(name, "true");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(name, text, "is neither true nor false");
        };
    }

    private static String image(String text) {
        if (!text.isEmpty() && !IMAGE.matcher(text).matches()) {
            throw bad(DEBUG_IMAGE, text, "is no reference of an image; write debugImage: registry/busybox:1.36");
        }
        return text;
    }

    private static IllegalArgumentException bad(String name, String value, String what) {
        return new IllegalArgumentException("parameter " + name + ": '" + Printable.of(value, 100) + "' " + what);
    }
}
