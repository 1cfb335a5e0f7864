package io.kordon.elasticsearch;

import io.kordon.avro.ContainerContext;
import io.kordon.avro.Entity;
import io.kordon.avro.EntityKind;
import io.kordon.avro.Level;
import io.kordon.avro.Owner;
import io.kordon.avro.PodContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fields that several of the documents share, by the Elastic Common Schema. */
final class Ecs {
    /** Version of the schema that the fields are taken from. */
    static final String VERSION = "8.17.0";

    private static final Pattern TECHNIQUE = Pattern.compile("T\\d{4}(\\.\\d{3})?");
    private static final int PARENT_LENGTH = "T1059".length();

    private Ecs() {}

    static Json document(String dataset) {
        return new Json()
                .put("ecs.version", VERSION)
                .put("event.module", "kordon")
                .put("event.dataset", "kordon." + dataset);
    }

    /** Severity as a number, on the scale of Elastic's detection rules: 21, 47, 73, 99; null while unknown. */
    static @Nullable Long severity(Level level) {
        return switch (level) {
            case CRITICAL -> 99L;
            case HIGH -> 73L;
            case MEDIUM -> 47L;
            case LOW -> 21L;
            case INFORMATIONAL -> 5L;
            case UNKNOWN -> null;
        };
    }

    /** What it is about: orchestrator.*, host.name, container.*, and the same under kordon.*. */
    static void entity(Json json, Entity entity, @Nullable PodContext context) {
        json.put("orchestrator.type", "kubernetes");
        json.put("orchestrator.cluster.name", entity.getCluster());
        json.put("orchestrator.namespace", entity.getNamespace());
        json.put("orchestrator.resource.type", lower(entity.getKind()));
        json.put("orchestrator.resource.name", entity.getName());
        json.put(
                "orchestrator.resource.id",
                entity.getKind() == EntityKind.CONTAINER ? entity.getContainerId() : entity.getUid());
        json.put("host.name", node(entity, context));
        json.put("kordon.entity.key", entity.getKey());
        json.put("kordon.entity.kind", lower(entity.getKind()));
        json.put("kordon.uid", entity.getUid());
        ContainerContext container = container(entity, context);
        json.put(
                "container.id",
                container == null || container.getId() == null ? entity.getContainerId() : container.getId());
        json.put("container.name", container == null ? entity.getContainer() : container.getName());
        if (container != null) {
            ImageReference image = ImageReference.parse(container.getImage());
            json.put("container.image.name", image.name());
            json.put("container.image.tag", image.tag());
            json.put("container.image.hash.all", image.digest());
            json.put("container.security_context.privileged", container.getPrivileged());
        }
        if (context != null) {
            pod(json, context);
        }
    }

    /** Node that it runs on, or the node itself; null while nobody has said it. */
    static @Nullable String node(Entity entity, @Nullable PodContext context) {
        if (entity.getKind() == EntityKind.NODE) {
            return entity.getName();
        }
        return entity.getNode() == null && context != null ? context.getNode() : entity.getNode();
    }

    /** The container by its name, else by its id, of which Falco tells the first twelve characters; else the only one. */
    private static @Nullable ContainerContext container(Entity entity, @Nullable PodContext context) {
        if (context == null) {
            return null;
        }
        String id = entity.getContainerId();
        for (ContainerContext container : context.getContainers()) {
            boolean byName = container.getName().equals(entity.getContainer());
            boolean byId = id != null
                    && !id.isEmpty()
                    && container.getId() != null
                    && container.getId().startsWith(id);
            if (byName || byId) {
                return container;
            }
        }
        boolean unnamed = entity.getContainer() == null && id == null;
        return unnamed && context.getContainers().size() == 1
                ? context.getContainers().get(0)
                : null;
    }

    /** The workload; in records from before that was known, the controller. */
    private static @Nullable Owner parent(PodContext context) {
        if (context.getWorkload() != null || context.getOwners().isEmpty()) {
            return context.getWorkload();
        }
        return context.getOwners().get(0);
    }

    private static void pod(Json json, PodContext context) {
        Owner parent = parent(context);
        json.put("orchestrator.resource.parent.type", parent == null ? null : parent.getKind());
        json.put("kordon.workload.kind", parent == null ? null : parent.getKind());
        json.put("kordon.workload.name", parent == null ? null : parent.getName());
        json.put("kordon.pod.service_account", context.getServiceAccount());
        json.put("kordon.pod.labels", context.getLabels());
        json.put("kordon.pod.host_network", context.getHostNetwork());
        json.put("kordon.pod.host_pid", context.getHostPid());
        json.put("kordon.pod.host_ipc", context.getHostIpc());
        json.putAll(
                "kordon.pod.owners",
                context.getOwners().stream()
                        .map(owner -> new Json()
                                .put("kind", owner.getKind())
                                .put("name", owner.getName())
                                .put("uid", owner.getUid())
                                .put("controller", owner.getController()))
                        .toList());
        json.putAll(
                "kordon.pod.containers",
                context.getContainers().stream()
                        .map(container -> new Json()
                                .put("name", container.getName())
                                .put("image", container.getImage())
                                .put("id", container.getId())
                                .put("privileged", container.getPrivileged()))
                        .toList());
    }

    /**
     * @param tactics by Sigma's tag, as {@code execution}
     * @param techniques ids, as {@code T1059} or {@code T1059.004}; a sub-technique counts for its technique too
     */
    static void threat(Json json, Collection<String> tactics, Collection<String> techniques) {
        List<AttackTactic> known = tactics.stream()
                .flatMap(tag -> AttackTactic.ofTag(tag).stream())
                .toList();
        Set<String> parents = new LinkedHashSet<>();
        Set<String> subs = new LinkedHashSet<>();
        for (String technique : techniques) {
            Matcher id = TECHNIQUE.matcher(technique.toUpperCase(Locale.ROOT));
            if (id.matches()) {
                parents.add(id.group().substring(0, PARENT_LENGTH));
                if (id.group(1) != null) {
                    subs.add(id.group());
                }
            }
        }
        if (known.isEmpty() && parents.isEmpty()) {
            return;
        }
        json.put("threat.framework", "MITRE ATT&CK");
        json.put("threat.tactic.id", known.stream().map(AttackTactic::id).toList());
        json.put("threat.tactic.name", known.stream().map(AttackTactic::title).toList());
        json.put("threat.technique.id", parents);
        json.put("threat.technique.subtechnique.id", subs);
    }

    /** The same from Sigma's tags, as {@code attack.execution} and {@code attack.t1059.004}. */
    static void threat(Json json, Collection<String> tags) {
        List<String> attack = new ArrayList<>();
        for (String tag : tags) {
            if (tag.regionMatches(true, 0, "attack.", 0, "attack.".length())) {
                attack.add(tag.substring("attack.".length()));
            }
        }
        threat(json, attack, attack);
    }

    /** A rule's id that is a UUID, as Sigma's rules have; else null. */
    static @Nullable String uuid(String id) {
        try {
            return UUID.fromString(id).toString().equalsIgnoreCase(id) ? id : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static String lower(Enum<?> symbol) {
        return symbol.name().toLowerCase(Locale.ROOT);
    }
}
