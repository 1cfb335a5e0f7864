package io.kordon.schemas;

import io.kordon.avro.Entity;
import io.kordon.avro.EntityKind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place where entity keys are spelled. Everything that speaks of one thing must land in one partition, so every
 * producer uses these and none its own format.
 *
 * <p>Parts are percent-encoded where they hold {@code /} or {@code %} (user names may), and a namespace whose name is
 * one of the scheme's own words is encoded at its first letter: the pod {@code x} of a namespace called {@code node} must
 * not share a key with the node {@code x}.
 */
public final class EntityKey {
    private static final Set<String> RESERVED = Set.of("node", "user", "namespace", "group", "container");

    private EntityKey() {}

    /** {@code cluster/namespace/pod}. */
    public static String pod(String cluster, String namespace, String pod) {
        String space = RESERVED.contains(namespace)
                ? "%" + Integer.toHexString(namespace.charAt(0)).toUpperCase(Locale.ROOT) + namespace.substring(1)
                : encode(namespace);
        return encode(cluster) + "/" + space + "/" + encode(pod);
    }

    /** {@code cluster/node/NAME}. */
    public static String node(String cluster, String node) {
        return encode(cluster) + "/node/" + encode(node);
    }

    /** {@code cluster/user/NAME}. */
    public static String user(String cluster, String user) {
        return encode(cluster) + "/user/" + encode(user);
    }

    /** {@code cluster/namespace/NAME}. */
    public static String namespace(String cluster, String namespace) {
        return encode(cluster) + "/namespace/" + encode(namespace);
    }

    /** Characters of a container id that every sender writes. */
    private static final int CONTAINER_ID = 12;

    /** {@code cluster/container/ID}, with the 12 characters of the id that Falco writes; for one whose pod is unknown. */
    public static String container(String cluster, String id) {
        return encode(cluster) + "/container/" + encode(shortId(id));
    }

    private static String shortId(String id) {
        return id.length() <= CONTAINER_ID ? id : id.substring(0, CONTAINER_ID);
    }

    /** {@code cluster/group/FIELD=VALUE/…}: correlation key of a group-by on fields other than the pod. */
    public static String group(String cluster, List<String> fields, List<String> values) {
        StringBuilder key = new StringBuilder(encode(cluster)).append("/group");
        for (int i = 0; i < fields.size(); i++) {
            key.append('/').append(encode(fields.get(i))).append('=').append(encode(values.get(i)));
        }
        return key.toString();
    }

    /** {@code cluster}: for what names nothing narrower, such as a watchdog alert. */
    public static String cluster(String cluster) {
        return encode(cluster);
    }

    /** A pod, with its key. {@code uid} is null while nobody has said it. */
    public static Entity.Builder podEntity(String cluster, String namespace, String pod, @Nullable String uid) {
        return Entity.newBuilder()
                .setKey(pod(cluster, namespace, pod))
                .setKind(EntityKind.POD)
                .setCluster(cluster)
                .setNamespace(namespace)
                .setName(pod)
                .setUid(uid);
    }

    /** A node, with its key. */
    public static Entity.Builder nodeEntity(String cluster, String node) {
        return Entity.newBuilder()
                .setKey(node(cluster, node))
                .setKind(EntityKind.NODE)
                .setCluster(cluster)
                .setName(node)
                .setNode(node);
    }

    /**
     * A container whose pod nobody has named, with its key. Containers that come from one pod have keys of their own until
     * the inventory says which pod it is.
     *
     * @param id as the sender wrote it; the key holds the 12 characters that every sender writes
     */
    public static Entity.Builder containerEntity(String cluster, String id) {
        return Entity.newBuilder()
                .setKey(container(cluster, id))
                .setKind(EntityKind.CONTAINER)
                .setCluster(cluster)
                .setName(shortId(id))
                .setContainerId(id);
    }

    /** A user, with its key. */
    public static Entity.Builder userEntity(String cluster, String user) {
        return Entity.newBuilder()
                .setKey(user(cluster, user))
                .setKind(EntityKind.USER)
                .setCluster(cluster)
                .setName(user);
    }

    /** A namespace, with its key. */
    public static Entity.Builder namespaceEntity(String cluster, String namespace) {
        return Entity.newBuilder()
                .setKey(namespace(cluster, namespace))
                .setKind(EntityKind.NAMESPACE)
                .setCluster(cluster)
                .setNamespace(namespace)
                .setName(namespace);
    }

    /** The cluster itself, with its key. */
    public static Entity.Builder clusterEntity(String cluster) {
        return Entity.newBuilder()
                .setKey(cluster(cluster))
                .setKind(EntityKind.CLUSTER)
                .setCluster(cluster)
                .setName(cluster);
    }

    /** The pod that a key names, without UID; empty for any other key. */
    public static Optional<Entity> podOf(String key) {
        String[] parts = key.split("/", -1);
        return parts.length != 3 || RESERVED.contains(parts[1])
                ? Optional.empty()
                : Optional.of(podEntity(decode(parts[0]), decode(parts[1]), decode(parts[2]), null)
                        .build());
    }

    private static String decode(String part) {
        return part.indexOf('%') < 0 ? part : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String part) {
        if (part.indexOf('/') < 0 && part.indexOf('%') < 0) {
            return part;
        }
        return part.replace("%", "%25").replace("/", "%2F");
    }
}
