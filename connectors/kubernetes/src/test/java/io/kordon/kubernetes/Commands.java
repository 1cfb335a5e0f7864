package io.kordon.kubernetes;

import io.kordon.avro.Approval;
import io.kordon.avro.Command;
import io.kordon.avro.Entity;
import io.kordon.avro.Mode;
import io.kordon.avro.Step;
import io.kordon.schemas.EntityKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Commands as the response stage would issue them. */
final class Commands {
    static final Instant NOW = Instant.parse("2026-11-24T04:00:00Z");
    static final String CLUSTER = "demo";
    static final String AFFECTED = "tomcat-depl-89bb8c5c7-lspcw";
    static final String OTHER = "tomcat-depl-89bb8c5c7-x2k9p";

    static final Approval APPROVAL = Approval.newBuilder()
            .setDecisionId("decision-1")
            .setBy("ann")
            .setAt(NOW)
            .build();

    private Commands() {}

    /** Lets go of what is held for the incident of {@link #onPod}. */
    static Command.Builder release(String namespace, String pod, String uid) {
        return onPod(namespace, pod, uid, "release").setId("release-1").setPlaybook("release");
    }

    static Command.Builder onPod(String namespace, String pod, String uid, String... actions) {
        Entity entity = EntityKey.podEntity(CLUSTER, namespace, pod, uid)
                .setNode("worker-1")
                .build();
        List<Step> steps = new ArrayList<>();
        Arrays.stream(actions).forEach(action -> steps.add(step(action, Map.of())));
        return Command.newBuilder()
                .setId("command-1")
                .setIncidentId("incident-1")
                .setKey(entity.getKey())
                .setPlaybook("contain")
                .setMode(Mode.AUTOMATIC)
                .setEntity(entity)
                .setSteps(steps)
                .setFirstEvidenceAt(NOW.minusSeconds(60))
                .setIssuedAt(NOW)
                .setExpiresAt(NOW.plusSeconds(600));
    }

    static Step step(String action, Map<String, String> parameters) {
        return Step.newBuilder().setAction(action).setParameters(parameters).build();
    }
}
