package io.kordon.app.demo;

import io.kordon.avro.Incident;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/** Whether the example came out as it must: in the incident, in the cluster, and wherever else it must leave a trace. */
final class Outcome {
    private final ScenarioPod pod;
    private final ClusterCheck cluster;
    private final List<TraceCheck> traces;

    /** @param traces in the places that can be looked at */
    Outcome(ScenarioPod pod, ClusterCheck cluster, List<TraceCheck> traces) {
        this.pod = pod;
        this.cluster = cluster;
        this.traces = List.copyOf(traces);
    }

    /** Looks in all places of an embedded stack. */
    Outcome(Pipeline.Setup setup, ScenarioPod pod, ClusterCheck cluster) {
        this(
                pod,
                cluster,
                List.of(
                        EvidenceCheck.in(setup.evidence()),
                        new ElasticsearchCheck(setup.elasticsearchUrl(), setup.indexPrefix())));
    }

    /** What is missing, in words; nothing when all is there. */
    List<String> missing(List<Incident> incidents) throws InterruptedException {
        List<String> missing = new ArrayList<>(IncidentCheck.missing(incidents, pod));
        missing.addAll(cluster.missing());
        Optional<Incident> incident = incident(incidents);
        if (incident.isPresent()) {
            for (TraceCheck trace : traces) {
                missing.addAll(trace.missing(incident.orElseThrow()));
            }
        }
        return missing;
    }

    /** What is looked at, for a reader. */
    String parts() {
        StringJoiner parts = new StringJoiner(", ");
        List.of("incident", "score", "containment", "replacement").forEach(parts::add);
        traces.forEach(trace -> parts.add(trace.place()));
        return parts.toString();
    }

    /** Names of the pods that serve in the place of the contained one. */
    Set<String> replacements() {
        return cluster.replacements();
    }

    /** The example's incident among all. */
    Optional<Incident> incident(List<Incident> incidents) {
        return incidents.stream()
                .filter(incident -> pod.uid().equals(incident.getEntity().getUid()))
                .findFirst();
    }
}
