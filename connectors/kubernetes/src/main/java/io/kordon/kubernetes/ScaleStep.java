package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Stops the pod's workload from making pods: fewer replicas, none by default; a Job or CronJob is suspended. */
final class ScaleStep extends ContainmentStep {
    static final String ACTION = "scale";
    static final String REPLICAS = "replicas";

    /** What KEDA scales by. */
    static final ApiKind SCALED_OBJECT = new ApiKind("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects", true);

    @Override
    public String action() {
        return ACTION;
    }

    @Override
    public String description() {
        return "Scales the pod's Deployment, StatefulSet, ReplicaSet or ReplicationController down, or suspends its Job"
                + " and CronJob.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter(
                REPLICAS, "0", "Replicas to leave at most. A Job or CronJob is suspended whatever it says."));
    }

    @Override
    public Set<Permission> permissions() {
        Set<Permission> permissions = new LinkedHashSet<>();
        permissions.add(new Permission("get", "", "pods"));
        for (String verb : List.of("get", "list", "patch")) {
            permissions.add(new Permission(verb, "apps", "deployments"));
            permissions.add(new Permission(verb, "apps", "statefulsets"));
            permissions.add(new Permission(verb, "apps", "replicasets"));
            permissions.add(new Permission(verb, "", "replicationcontrollers"));
            permissions.add(new Permission(verb, "batch", "jobs"));
            permissions.add(new Permission(verb, "batch", "cronjobs"));
        }
        permissions.add(new Permission("list", "autoscaling", "horizontalpodautoscalers"));
        permissions.add(SCALED_OBJECT.may("list"));
        return Set.copyOf(permissions);
    }

    @Override
    public String example() {
        return "scale: {replicas: \"0\"}";
    }

    @Override
    StepOutcome run(StepRun run) throws StepFailure {
        int replicas = replicas(run);
        ScaledWorkload workload = ScaledWorkload.of(run);
        List<String> autoscalers = autoscalers(run, workload.objects().get(0));
        if (run.dryRun()) {
            String would = workload.objects().stream()
                    .filter(object -> !isDown(object, replicas))
                    .map(object -> suspends(object)
                            ? "suspend " + name(object)
                            : "scale " + name(object) + " from " + state(object) + " to " + replicas)
                    .collect(Collectors.joining(", "));
            return StepOutcome.wouldDo(
                    (would.isEmpty() ? "nothing to do: " + states(workload.objects()) : "would " + would)
                            + warnings(workload, autoscalers, replicas),
                    observed(workload.objects(), autoscalers));
        }
        for (HasMetadata object : workload.objects()) {
            run.change(
                    object, isDown(object, replicas) ? JsonMapper.shared().createObjectNode() : down(object, replicas));
        }
        List<HasMetadata> after = new ArrayList<>();
        for (HasMetadata object : workload.objects()) {
            HasMetadata now = run.client().resource(object).get();
            if (now == null
                    || !object.getMetadata().getUid().equals(now.getMetadata().getUid())) {
                throw new StepFailure(name(object) + " was deleted or replaced right after it was scaled");
            }
            if (!isDown(now, replicas)) {
                throw new StepFailure("after scaling, " + states(List.of(now))
                        + ": look for a controller or autoscaler that scales it up"
                        + warnings(workload, autoscalers, replicas));
            }
            after.add(now);
        }
        return StepOutcome.done(
                states(after) + warnings(workload, autoscalers, replicas), observed(after, autoscalers));
    }

    /** The workload outlives its pod. */
    @Override
    StepOutcome whenGone(StepRun run) throws StepFailure {
        return run(run);
    }

    /** Looks at every workload of the namespace: which one the pod was of nobody may know any more. */
    @Override
    void release(StepRun run, List<String> released, List<String> stillHeld) {
        String incident = run.command().getIncidentId();
        for (HasMetadata object : workloads(run.client(), run.target().namespace())) {
            Hold hold = Hold.of(object);
            if (!hold.holds(incident)) {
                continue;
            }
            List<String> left = hold.leftAsTheyAre(object);
            boolean others = !run.release(object).isEmpty();
            if (others) {
                stillHeld.add(name(object));
            } else {
                released.add(name(object)
                        + (left.isEmpty() ? "" : " (" + String.join(", ", left) + " left: changed by somebody since)"));
            }
        }
    }

    private static List<HasMetadata> workloads(KubernetesClient client, String namespace) {
        List<HasMetadata> all = new ArrayList<>();
        all.addAll(client.apps().deployments().inNamespace(namespace).list().getItems());
        all.addAll(client.apps().statefulSets().inNamespace(namespace).list().getItems());
        all.addAll(client.apps().replicaSets().inNamespace(namespace).list().getItems());
        all.addAll(client.replicationControllers().inNamespace(namespace).list().getItems());
        all.addAll(client.batch().v1().jobs().inNamespace(namespace).list().getItems());
        all.addAll(client.batch().v1().cronjobs().inNamespace(namespace).list().getItems());
        return all;
    }

    private int replicas(StepRun run) throws StepFailure {
        String text = parameter(run.parameters(), REPLICAS);
        if (!text.matches("\\d{1,6}")) {
            throw new StepFailure("parameter " + REPLICAS + ": '" + text + "' is not a number of replicas");
        }
        return Integer.parseInt(text);
    }

    private static boolean suspends(HasMetadata object) {
        return object.getKind().equals("Job") || object.getKind().equals("CronJob");
    }

    /** Whether there is nothing to take away: containment never scales up. */
    private static boolean isDown(HasMetadata object, int replicas) {
        JsonNode spec = ApiKind.json(object).path("spec");
        return suspends(object)
                ? spec.path("suspend").asBoolean(false)
                : spec.path("replicas").asInt(1) <= replicas;
    }

    private static ObjectNode down(HasMetadata object, int replicas) {
        ObjectNode change = JsonMapper.shared().createObjectNode();
        if (suspends(object)) {
            change.putObject("spec").put("suspend", true);
        } else {
            change.putObject("spec").put("replicas", replicas);
        }
        return change;
    }

    /** What may scale it up again, where the API has something that says so. */
    private static List<String> autoscalers(StepRun run, HasMetadata workload) {
        List<String> found = new ArrayList<>();
        if (suspends(workload)) {
            return found;
        }
        String namespace = run.target().namespace();
        String name = workload.getMetadata().getName();
        run.client()
                .autoscaling()
                .v2()
                .horizontalPodAutoscalers()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(autoscaler -> {
                    if (targets(ApiKind.json(autoscaler), workload.getKind(), name)) {
                        found.add("HorizontalPodAutoscaler "
                                + autoscaler.getMetadata().getName());
                    }
                });
        if (!InstalledKinds.of(run.client(), List.of(SCALED_OBJECT)).isEmpty()) {
            SCALED_OBJECT.list(run.client(), namespace).forEach(scaled -> {
                if (targets(ApiKind.json(scaled), workload.getKind(), name)) {
                    found.add("ScaledObject " + scaled.getMetadata().getName());
                }
            });
        }
        return found;
    }

    private static boolean targets(JsonNode autoscaler, String kind, String name) {
        JsonNode target = autoscaler.path("spec").path("scaleTargetRef");
        return target.path("name").asString("").equals(name)
                && target.path("kind").asString("Deployment").equals(kind);
    }

    private static String warnings(ScaledWorkload workload, List<String> autoscalers, int replicas) {
        StringBuilder warnings = new StringBuilder();
        for (String autoscaler : autoscalers) {
            warnings.append("; ").append(autoscaler);
            if (autoscaler.startsWith("ScaledObject")) {
                warnings.append(" may scale it up again: pause it with autoscaling.keda.sh/paused-replicas");
            } else if (replicas == 0) {
                warnings.append(" rests while there are 0 replicas");
            } else {
                warnings.append(" may scale it up again: only 0 replicas make it rest");
            }
        }
        if (!workload.above().isEmpty()) {
            warnings.append("; ").append(workload.above()).append(" controls it and may undo this");
        }
        return warnings.toString();
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    private static String state(HasMetadata object) {
        JsonNode spec = ApiKind.json(object).path("spec");
        return suspends(object)
                ? (spec.path("suspend").asBoolean(false) ? "suspended" : "not suspended")
                : Integer.toString(spec.path("replicas").asInt(1));
    }

    private static String states(List<HasMetadata> objects) {
        return objects.stream()
                .map(object -> name(object)
                        + (suspends(object) ? " is " + state(object) : " has " + state(object) + " replicas"))
                .collect(Collectors.joining(", "));
    }

    private static Map<String, String> observed(List<HasMetadata> objects, List<String> autoscalers) {
        Map<String, String> observed = new LinkedHashMap<>();
        observed.put("workload", objects.stream().map(ScaleStep::name).collect(Collectors.joining(",")));
        String state = objects.stream().map(ScaleStep::state).distinct().collect(Collectors.joining(","));
        observed.put(suspends(objects.get(0)) ? "suspend" : "replicas", state);
        observed.put("autoscalers", String.join(", ", autoscalers));
        return observed;
    }
}
