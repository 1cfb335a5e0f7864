package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A policy that isolates one pod, of one kind.
 *
 * @param wanted what the object must say; a null stands for what it must not say, and all else is left as it is
 */
record IsolationPolicy(ApiKind kind, PodTarget target, String name, ObjectNode wanted) {
    /** Label of the pod, its own UID, that makes the policy's selector match this pod and no other. */
    static final String LABEL = "kordon.io/isolated";

    private static final String PREFIX = "deny-all-affected-";
    private static final int NAME_LIMIT = 63;

    /**
     * @param extra what stands beside the specification
     * @param spec nulls for what must not be in it
     */
    static IsolationPolicy of(ApiKind kind, PodTarget target, String name, ObjectNode spec, ObjectNode extra) {
        ObjectNode wanted = object();
        wanted.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        ObjectNode metadata = wanted.putObject("metadata");
        metadata.put("name", name).put("namespace", target.namespace());
        metadata.putObject("labels").put("app.kubernetes.io/managed-by", "kordon");
        metadata.putArray("ownerReferences") // so that the garbage collector takes it away with the pod
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", target.name())
                .put("uid", target.uid());
        wanted.set("spec", spec);
        wanted.setAll(extra);
        return new IsolationPolicy(kind, target, name, wanted);
    }

    /** Name of the policy: readable, of bounded length, and the UID's own. */
    static String name(PodTarget target) {
        String hash = shortHash(target.uid());
        String pod = target.name().replace('.', '-');
        int room = NAME_LIMIT - PREFIX.length() - hash.length() - 1;
        return PREFIX + (pod.length() <= room ? pod : pod.substring(0, room)) + "-" + hash;
    }

    /**
     * Whether a policy bears the name that Kordon gives, for whatever pod: it is made of the pod that the policy names as
     * its owner, which a copy under another name would have to forge as well.
     */
    static boolean isOurs(HasMetadata policy) {
        String name = plainName(policy);
        return name.startsWith(PREFIX)
                && policy.getMetadata().getOwnerReferences().stream()
                        .filter(owner -> owner.getKind().equals("Pod"))
                        .map(owner ->
                                new PodTarget(policy.getMetadata().getNamespace(), owner.getName(), owner.getUid()))
                        .anyMatch(pod -> name.equals(name(pod)));
    }

    /** Calico shows, or stores, a policy of its default tier with the tier's name in front, by its version. */
    static String plainName(HasMetadata policy) {
        String name = policy.getMetadata().getName();
        return name.startsWith("default.") ? name.substring("default.".length()) : name;
    }

    @Nullable
    GenericKubernetesResource existing(KubernetesClient client) {
        return kind.get(client, target.namespace(), name);
    }

    /** The merge patch that makes the existing policy what it must be; empty if it is. */
    ObjectNode repair(HasMetadata existing) {
        JsonNode live = ApiKind.json(existing);
        ObjectNode patch = repair(live, wanted, false);
        patch.remove("apiVersion"); // the version that we read it by, whatever it is stored as
        patch.remove("kind");
        if (patch.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("name");
            if (metadata.isEmpty()) {
                patch.remove("metadata");
            }
        }
        return patch;
    }

    /** Creates the policy, or makes it what it must be, and holds it for the command's incident. */
    void put(StepRun run) {
        GenericKubernetesResource existing = existing(run.client());
        if (existing == null) {
            run.create(kind, resource());
        } else {
            run.change(kind, existing, repair(existing));
        }
    }

    @Override
    public String toString() {
        return kind.label() + " " + name;
    }

    private GenericKubernetesResource resource() {
        return Serialization.unmarshal(withoutNulls(wanted).toString(), GenericKubernetesResource.class);
    }

    private static ObjectNode repair(JsonNode live, ObjectNode wanted, boolean nothingElse) {
        ObjectNode patch = object();
        wanted.properties().forEach(field -> {
            JsonNode is = live.path(field.getKey());
            JsonNode should = field.getValue();
            if (should.isNull()) {
                if (!isNothing(is)) {
                    patch.putNull(field.getKey());
                }
            } else if (should instanceof ObjectNode object && is.isObject()) {
                ObjectNode inner = repair(is, object, field.getKey().equals("matchLabels"));
                if (!inner.isEmpty()) {
                    patch.set(field.getKey(), inner);
                }
            } else if (!same(is, should)) {
                patch.set(field.getKey(), should);
            }
        });
        if (nothingElse) {
            live.properties().forEach(field -> {
                if (!wanted.has(field.getKey())) {
                    patch.putNull(field.getKey());
                }
            });
        }
        return patch;
    }

    /** API servers write out what is empty, or leave it out, as their types have it; and numbers in their own way. */
    private static boolean same(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue()) == 0;
        }
        return (one.isContainer() && other.isContainer())
                ? withoutNulls(one).equals(withoutNulls(other))
                : one.equals(other);
    }

    /** A copy without the fields that hold nothing. Elements of lists stay: an empty rule means something. */
    private static JsonNode withoutNulls(JsonNode node) {
        if (node.isObject()) {
            ObjectNode copy = object();
            node.properties().forEach(field -> {
                JsonNode value = withoutNulls(field.getValue());
                if (!isNothing(value)) {
                    copy.set(field.getKey(), value);
                }
            });
            return copy;
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> copy.add(withoutNulls(element)));
            return copy;
        }
        return node;
    }

    private static boolean isNothing(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isContainer() && node.isEmpty())
                || (node.isString() && node.asString("").isEmpty());
    }

    private static ObjectNode object() {
        return JsonMapper.shared().createObjectNode();
    }

    private static String shortHash(String uid) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(uid.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
