package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kordon.avro.Command;
import io.kordon.kubernetes.simulated.ApiCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One step by itself on the seeded cluster, whatever a runner asks before it lets it. */
abstract class SingleStepContract extends ContainmentContract {
    /** Its objects are no more than what it is about; a real API server would want whole ones, as {@link EveryStepTest} has. */
    @BeforeEach
    void runOnTheSimulatedClusterAlone() {
        assertThat(cluster.simulated()).isNotNull();
    }

    /** What a release has said. */
    record Released(List<String> released, List<String> stillHeld) {}

    StepRun stepRun(Command.Builder command, Map<String, String> parameters, boolean dryRun) {
        Command built = command.build();
        return new StepRun(
                Actuator.withoutRetries(client, ActuatorConfig.of(Commands.CLUSTER)),
                built,
                new PodTarget(
                        built.getEntity().getNamespace(),
                        built.getEntity().getName(),
                        built.getEntity().getUid()),
                parameters,
                Map.of("status", "affected"),
                dryRun);
    }

    static StepOutcome outcome(ContainmentStep step, StepRun run) {
        try {
            return step.run(run);
        } catch (StepFailure e) {
            return StepOutcome.failed(e.getMessage());
        }
    }

    StepOutcome run(ContainmentStep step, String incident, Map<String, String> parameters) {
        return outcome(step, stepRun(command().setIncidentId(incident), parameters, false));
    }

    StepOutcome dryRun(ContainmentStep step, Map<String, String> parameters) {
        return outcome(step, stepRun(command(), parameters, true));
    }

    Released release(ContainmentStep step, Command.Builder command) {
        List<String> released = new ArrayList<>();
        List<String> stillHeld = new ArrayList<>();
        try {
            step.release(stepRun(command, Map.of(), false), released, stillHeld);
        } catch (StepFailure e) {
            throw new AssertionError("could not be released: " + e.getMessage(), e);
        }
        return new Released(released, stillHeld);
    }

    Released release(ContainmentStep step, String incident) {
        return release(step, command().setIncidentId(incident));
    }

    /** An object as it is, but for what the API server counts. */
    static JsonNode withoutVersions(HasMetadata object) {
        ObjectNode json = (ObjectNode) ApiKind.json(object);
        ObjectNode metadata = (ObjectNode) json.get("metadata");
        metadata.remove(List.of("resourceVersion", "generation", "managedFields"));
        if (metadata.path("annotations").isEmpty()) {
            metadata.remove("annotations");
        }
        return json;
    }

    /** Creates an object of a kind that is made known for it. */
    void create(ApiKind kind, String yaml) {
        install(kind);
        kind.resource(client, Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .create();
        cluster.forgetCalls();
    }

    void install(ApiKind... kinds) {
        for (ApiKind kind : kinds) {
            cluster.simulated().install(kind.group(), kind.version(), kind.kind(), kind.plural(), kind.namespaced());
        }
    }

    /** Writes since the calls were forgotten; asking who one is writes nothing. */
    List<ApiCall> changes() {
        return cluster.calls().stream()
                .filter(call -> !Set.of("get", "list", "watch").contains(call.verb()))
                .filter(call -> !call.resource().equals("selfsubjectreviews"))
                .toList();
    }
}
