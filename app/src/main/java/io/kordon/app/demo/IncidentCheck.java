package io.kordon.app.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.avro.Contribution;
import io.kordon.avro.Entity;
import io.kordon.avro.Evidence;
import io.kordon.avro.Incident;
import io.kordon.avro.Level;
import io.kordon.avro.Source;
import io.kordon.avro.StepState;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.List;

/** What the example's incident must say. */
final class IncidentCheck {
    /** Steps that contain the pod, in any order. */
    static final List<String> STEPS = List.of("label", "detach", "isolate", "cordon", "capture");

    private static final double LEAST_SCORE = 85;

    private IncidentCheck() {}

    /** What is missing, in words; nothing when all is there. */
    static List<String> missing(List<Incident> incidents, ScenarioPod pod) {
        List<Incident> about = incidents.stream()
                .filter(incident -> pod.uid().equals(incident.getEntity().getUid()))
                .toList();
        if (about.size() != 1) {
            return List.of("one incident about pod " + pod.name() + " with uid " + pod.uid() + "; there are "
                    + about.size() + " about it among " + incidents.size());
        }
        List<String> missing = new ArrayList<>();
        Incident incident = about.get(0);
        checkEntity(incident.getEntity(), pod, missing);
        checkScore(incident, missing);
        for (Source source : List.of(Source.FALCO, Source.PROMETHEUS)) {
            checkEvidence(incident, source, missing);
        }
        if (incident.getTechniques().stream().noneMatch(id -> id.matches("T[0-9]{4}(\\.[0-9]{3})?"))) {
            missing.add("ATT&CK technique ids; there are " + incident.getTechniques());
        }
        STEPS.forEach(step -> checkStep(incident, step, missing));
        return missing;
    }

    /** The score by the formula of the design, from the contributions alone. */
    static double score(List<Contribution> contributions) {
        double none = 1;
        for (Contribution part : contributions) {
            none *= 1 - part.getWeight() / 100;
        }
        return 100 * (1 - none);
    }

    private static void checkEntity(Entity entity, ScenarioPod pod, List<String> missing) {
        if (!pod.namespace().equals(entity.getNamespace()) || !pod.name().equals(entity.getName())) {
            missing.add("the pod's namespace and name on the incident; they are " + entity.getNamespace() + " and "
                    + entity.getName());
        }
    }

    private static void checkScore(Incident incident, List<String> missing) {
        if (incident.getSeverity() != Level.CRITICAL) {
            missing.add("severity CRITICAL; it is " + incident.getSeverity());
        }
        if (incident.getScore() < LEAST_SCORE) {
            missing.add("a score of at least " + LEAST_SCORE + "; it is " + incident.getScore());
        }
        double sum = score(incident.getContributions());
        if (Math.abs(sum - incident.getScore()) > 1e-6) {
            missing.add("contributions that add up to the score " + incident.getScore() + "; they make " + sum);
        }
    }

    private static void checkEvidence(Incident incident, Source source, List<String> missing) {
        List<Evidence> evidence = incident.getEvidence().stream()
                .filter(piece -> piece.getSource() == source)
                .toList();
        if (evidence.isEmpty()) {
            missing.add("evidence of " + source);
        } else if (!evidence.stream().allMatch(piece -> isJsonObject(piece.getOriginal()))) {
            missing.add("the original JSON of the evidence of " + source);
        }
    }

    private static void checkStep(Incident incident, String action, List<String> missing) {
        List<StepState> steps = incident.getCommands().stream()
                .flatMap(command -> command.getSteps().stream())
                .filter(step -> step.getAction().equals(action))
                .toList();
        if (steps.isEmpty()) {
            missing.add("the step " + action);
        } else if (steps.stream().noneMatch(step -> step.getStatus() == StepStatus.DONE)) {
            StepState step = steps.get(0);
            missing.add("the step " + action + " DONE; it is " + step.getStatus()
                    + (step.getDetail().isEmpty() ? "" : ": " + step.getDetail()));
        }
    }

    private static boolean isJsonObject(String text) {
        try {
            return new ObjectMapper().readTree(text).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
