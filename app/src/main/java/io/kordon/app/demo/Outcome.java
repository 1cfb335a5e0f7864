package io.kordon.app.demo;

import io.kordon.avro.Incident;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the example came out as it must, in the incident, in the cluster and in Elasticsearch. */
final class Outcome {
    private final ScenarioPod pod;
    private final ClusterCheck cluster;
    private final EvidenceCheck evidence;
    private final ElasticsearchCheck elasticsearch;

    Outcome(Pipeline.Setup setup, ScenarioPod pod, ClusterCheck cluster) {
        this.pod = pod;
        this.cluster = cluster;
        this.evidence = new EvidenceCheck(setup.evidence());
        this.elasticsearch = new ElasticsearchCheck(setup.elasticsearchUrl(), setup.indexPrefix());
    }

    /** What is missing, in words; nothing when all is there. */
    List<String> missing(List<Incident> incidents) throws InterruptedException {
        List<String> missing = new ArrayList<>(IncidentCheck.missing(incidents, pod));
        missing.addAll(cluster.missing());
        incident(incidents).map(evidence::missing).ifPresent(missing::addAll);
        Optional<Incident> incident = incident(incidents);
        if (incident.isPresent()) {
            missing.addAll(elasticsearch.missing(incident.orElseThrow()));
        }
        return missing;
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
