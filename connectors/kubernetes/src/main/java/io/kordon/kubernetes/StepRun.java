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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One step of one command against one live pod; lives through the step's attempts, and remembers whether any wrote. */
final class StepRun {
    /** Field manager of all that Kordon writes. */
    static final String FIELD_MANAGER = "kordon";

    private static final int HTTP_NOT_FOUND = 404;

    private static final PatchContext MERGE = new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(FIELD_MANAGER)
            .build();

    private final KubernetesClient client;
    private final Command command;
    private final PodTarget target;
    private final Map<String, String> parameters;
    private final Map<String, String> keptLabels;
    private final boolean dryRun;
    private boolean changed;

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

    KubernetesClient client() {
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

    /** The pod as it is now; never another one of its name. */
    Pod pod() throws StepFailure {
        Pod pod = client.pods()
                .inNamespace(target.namespace())
                .withName(target.name())
                .get();
        if (pod == null) {
            throw new StepFailure("pod " + target + " is gone");
        }
        if (!target.uid().equals(pod.getMetadata().getUid())) {
            throw new StepFailure(target.replacedBy(pod));
        }
        return pod;
    }

    /**
     * Changes fields of an object and remembers on it how they were, in one request that holds only for this very object in
     * the very state that was read: a conflict is thrown to the caller, who reads again.
     *
     * @param live the object as it was read
     * @param change merge patch of fields that {@link Hold} knows for the kind; empty to hold the object as it is
     */
    void change(HasMetadata live, ObjectNode change) {
        Hold hold = Hold.of(live);
        String incident = command.getIncidentId();
        if (change.isEmpty() && hold.holds(incident)) {
            return;
        }
        Instant at = command.getIssuedAt();
        ObjectNode patch = change.deepCopy();
        annotation(patch, Hold.ANNOTATION, hold.with(incident, at, change, live).json());
        patch(live, patch);
    }

    /**
     * Lets go of an object for this command's incident, and gives back what was before if no other incident holds it.
     *
     * @param live the object as it was read
     * @return ids of the incidents that hold it still
     */
    List<String> release(HasMetadata live) {
        Hold hold = Hold.of(live);
        String incident = command.getIncidentId();
        Hold rest = hold.without(incident);
        if (hold.holds(incident)) {
            ObjectNode patch = rest.held() ? JsonMapper.shared().createObjectNode() : hold.restoration(live);
            annotation(patch, Hold.ANNOTATION, rest.held() ? rest.json() : null);
            patch(live, patch);
        }
        return List.copyOf(rest.incidents().keySet());
    }

    /** As {@link #change(HasMetadata, ObjectNode)}, for an object of a kind that the client has no class of. */
    void change(ApiKind kind, GenericKubernetesResource live, ObjectNode change) {
        Hold hold = Hold.of(live);
        String incident = command.getIncidentId();
        if (!change.isEmpty() || !hold.holds(incident)) {
            ObjectNode patch = change.deepCopy();
            annotation(
                    patch,
                    Hold.ANNOTATION,
                    hold.with(incident, command.getIssuedAt(), change, live).json());
            patch(kind.resource(client(), live), live, patch);
        }
    }

    /** Creates an object that is held for this command's incident from its beginning. */
    void create(ApiKind kind, GenericKubernetesResource object) {
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
            annotation(patch, Hold.ANNOTATION, rest.json());
            patch(kind.resource(client(), live), live, patch);
        }
        return List.copyOf(rest.incidents().keySet());
    }

    /** Sends a merge patch that holds only for this very object in the very state that was read. */
    void patch(HasMetadata live, ObjectNode patch) {
        patch(client.resource(live), live, patch);
    }

    /** As {@link #patch(HasMetadata, ObjectNode)}, for an object of a kind that the client has no class of. */
    void patch(ApiKind kind, GenericKubernetesResource live, ObjectNode patch) {
        patch(kind.resource(client(), live), live, patch);
    }

    private void patch(Resource<? extends HasMetadata> resource, HasMetadata live, ObjectNode patch) {
        patch.withObjectProperty("metadata")
                .put("uid", live.getMetadata().getUid())
                .put("resourceVersion", live.getMetadata().getResourceVersion());
        resource.patch(MERGE, patch.toString());
        changed = true;
    }

    private static void annotation(ObjectNode patch, String name, @Nullable String value) {
        patch.withObjectProperty("metadata").withObjectProperty("annotations").put(name, value);
    }

    /** Says that the cluster is no longer as it was found. */
    void markChanged() {
        changed = true;
    }
}
