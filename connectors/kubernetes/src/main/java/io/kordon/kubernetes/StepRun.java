package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kordon.avro.Command;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One step of one command against one live pod; lives through the step's attempts, and remembers whether any wrote. */
final class StepRun {
    /** Field manager of all that Kordon writes. */
    static final String FIELD_MANAGER = "kordon";

    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(FIELD_MANAGER)
            .build();

    private static final int HTTP_NOT_FOUND = 404;
    private static final int NAMED_HOLDERS = 10;

    private final KubernetesClient client;
    private final Command command;
    private final PodTarget target;
    private final Map<String, String> parameters;
    private final Map<String, String> keptLabels;
    private final boolean dryRun;
    private final Set<String> notes = new CopyOnWriteArraySet<>();
    private volatile boolean changed;
    private volatile boolean abandoned;

    /**
     * @param keptLabels labels that this command itself sets on the pod: no step may take them off again
     * @param dryRun whether the step must only say what it would do
     */
    StepRun(
            KubernetesClient client,
            Command command,
            PodTarget target,
            Map<String, String> parameters,
            Map<String, String> keptLabels,
            boolean dryRun) {
        this.client = client;
        this.command = command;
        this.target = target;
        this.parameters = Map.copyOf(parameters);
        this.keptLabels = Map.copyOf(keptLabels);
        this.dryRun = dryRun;
    }

    /** @throws CancellationException where nobody waits for the step any more */
    KubernetesClient client() {
        if (abandoned) {
            throw new CancellationException("the step has taken too long");
        }
        return client;
    }

    Command command() {
        return command;
    }

    PodTarget target() {
        return target;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    Map<String, String> keptLabels() {
        return keptLabels;
    }

    boolean dryRun() {
        return dryRun;
    }

    boolean changed() {
        return changed;
    }

    /** What an operator must know besides the outcome. */
    Set<String> notes() {
        return notes;
    }

    /** Lets nothing more be asked or written: the step's time is over, or the actuator ends. */
    void abandon() {
        abandoned = true;
    }

    /** The pod as it is now; never another one of its name. */
    Pod pod() throws StepFailure {
        Pod pod = byName();
        if (pod == null) {
            throw new StepFailure("pod " + target + " is gone");
        }
        if (!target.uid().equals(pod.getMetadata().getUid())) {
            throw new StepFailure(target.replacedBy(pod));
        }
        return pod;
    }

    /** The pod of this UID as it is now, or null where it is gone, whoever bears its name. */
    @Nullable
    Pod podIfThere() {
        Pod pod = byName();
        return pod != null && target.uid().equals(pod.getMetadata().getUid()) ? pod : null;
    }

    private @Nullable Pod byName() {
        return client().pods()
                .inNamespace(target.namespace())
                .withName(target.name())
                .get();
    }

    /**
     * Changes fields of an object and remembers on it how they were, in one request that holds only for this very object in
     * the very state that was read: a conflict is thrown to the caller, who reads again. Where the object's annotations have
     * no room left, as who made it may have seen to, it is changed all the same, and a note says that it cannot be undone.
     *
     * @param live the object as it was read
     * @param change merge patch of fields that {@link Hold} knows for the kind; empty to hold the object as it is
     */
    void change(HasMetadata live, ObjectNode change) {
        Hold hold = Hold.of(live);
        if (change.isEmpty() && hold.holds(command.getIncidentId())) {
            return;
        }
        String held = hold.with(command.getIncidentId(), command.getIssuedAt(), change, live)
                .json(live.getMetadata().getUid());
        ObjectNode patch = change.deepCopy();
        if (Hold.fits(live, held)) {
            annotation(patch, held);
        } else {
            notes.add("the annotations of " + name(live) + " fill the " + Hold.MAX_ANNOTATIONS / 1024
                    + " KiB that the API server takes, so that there was no room to remember how it was: release cannot"
                    + " undo this, see what was observed");
        }
        if (!patch.isEmpty()) {
            patch(live, patch);
        }
    }

    /**
     * Lets go of an object for this command's incident, and gives back what was before if no other incident holds it.
     *
     * @param live the object as it was read
     * @return ids of the incidents that hold it still
     */
    List<String> release(HasMetadata live) {
        Hold hold = Hold.of(live);
        Hold rest = hold.without(command.getIncidentId());
        if (hold.holds(command.getIncidentId())) {
            ObjectNode patch = rest.held() ? JsonMapper.shared().createObjectNode() : hold.restoration(live);
            annotation(patch, rest.held() ? rest.json(live.getMetadata().getUid()) : null);
            patch(live, patch);
        }
        return List.copyOf(rest.incidents().keySet());
    }

    /**
     * As {@link #release(HasMetadata)}, and says so.
     *
     * @param released gets what was given back
     * @param stillHeld gets what was not, because other incidents hold the object or somebody changed it since
     */
    void release(HasMetadata live, List<String> released, List<String> stillHeld) {
        Hold hold = Hold.of(live);
        boolean ours = hold.holds(command.getIncidentId());
        List<String> others = release(live);
        if (!others.isEmpty()) {
            stillHeld.add(name(live) + " is still held by " + holders(others));
        } else if (ours) {
            String restored = Hold.words(live.getKind(), hold.restoration(live));
            released.add(name(live) + " is as before" + (restored.isEmpty() ? "" : " (" + restored + ")"));
            List<String> left = hold.leftAsTheyAre(live);
            if (!left.isEmpty()) {
                stillHeld.add(name(live) + " keeps what somebody else changed since: " + String.join(", ", left));
            }
        }
    }

    /** As {@link #change(HasMetadata, ObjectNode)}, for an object of a kind that the client has no class of. */
    void change(ApiKind kind, GenericKubernetesResource live, ObjectNode change) {
        Hold hold = Hold.of(live);
        String incident = command.getIncidentId();
        if (!change.isEmpty() || !hold.holds(incident)) {
            ObjectNode patch = change.deepCopy();
            annotation(
                    patch,
                    hold.with(incident, command.getIssuedAt(), change, live).json());
            patch(kind.resource(client(), live), live, patch);
        }
    }

    /** Creates an object that is held for this command's incident from its beginning. */
    void create(ApiKind kind, GenericKubernetesResource object) {
        refuseInDryRun();
        Hold hold = Hold.none()
                .with(
                        command.getIncidentId(),
                        command.getIssuedAt(),
                        JsonMapper.shared().createObjectNode(),
                        object);
        Map<String, String> annotations =
                new HashMap<>(Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of()));
        annotations.put(Hold.ANNOTATION, hold.json());
        object.getMetadata().setAnnotations(annotations);
        client().raw(kind.path(object.getMetadata().getNamespace()) + "?fieldManager=" + FIELD_MANAGER, "POST", object);
        changed = true;
    }

    /**
     * Lets go of an object that Kordon has created, for this command's incident, and deletes it if no other holds it.
     *
     * @return ids of the incidents that hold it still
     */
    List<String> releaseCreated(ApiKind kind, GenericKubernetesResource live) {
        refuseInDryRun();
        Hold hold = Hold.of(live);
        Hold rest = hold.without(command.getIncidentId());
        if (!rest.held()) {
            try {
                kind.delete(client(), live);
                changed = true;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HTTP_NOT_FOUND) { // else it went meanwhile, with its pod
                    throw e;
                }
            }
        } else if (hold.holds(command.getIncidentId())) {
            ObjectNode patch = JsonMapper.shared().createObjectNode();
            annotation(patch, rest.json());
            patch(kind.resource(client(), live), live, patch);
        }
        return List.copyOf(rest.incidents().keySet());
    }

    /** Sends a merge patch that holds only for this very object in the very state that was read. */
    void patch(HasMetadata live, ObjectNode patch) {
        patch(client().resource(live), live, patch);
    }

    /** As {@link #patch(HasMetadata, ObjectNode)}, for an object of a kind that the client has no class of. */
    void patch(ApiKind kind, GenericKubernetesResource live, ObjectNode patch) {
        patch(kind.resource(client(), live), live, patch);
    }

    private void patch(Resource<? extends HasMetadata> resource, HasMetadata live, ObjectNode patch) {
        refuseInDryRun();
        patch.withObjectProperty("metadata")
                .put("uid", live.getMetadata().getUid())
                .put("resourceVersion", live.getMetadata().getResourceVersion());
        resource.patch(MERGE, patch.toString());
        changed = true;
    }

    /** Kind and name, with the namespace where there is one. */
    static String name(HasMetadata object) {
        String namespace = object.getMetadata().getNamespace();
        return object.getKind() + " " + (namespace == null || namespace.isEmpty() ? "" : namespace + "/")
                + object.getMetadata().getName();
    }

    static String holders(List<String> incidents) {
        boolean more = incidents.contains(Hold.MORE);
        List<String> named = incidents.stream()
                .filter(id -> !id.equals(Hold.MORE))
                .limit(NAMED_HOLDERS)
                .toList();
        return "incident " + String.join(", ", named)
                + (incidents.size() > named.size() ? " and others" : "")
                + (more ? ", more than are remembered: take the annotation " + Hold.ANNOTATION + " off by hand" : "");
    }

    private void refuseInDryRun() {
        if (dryRun) {
            throw new IllegalStateException("a dry run writes nothing");
        }
    }

    private static void annotation(ObjectNode patch, @Nullable String value) {
        patch.withObjectProperty("metadata").withObjectProperty("annotations").put(Hold.ANNOTATION, value);
    }

    /** Says that the cluster is no longer as it was found. */
    void markChanged() {
        changed = true;
    }
}
