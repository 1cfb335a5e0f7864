package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Kordon took out of a binding's subjects, and for which incidents, by service account: an annotation of the binding,
 * written in the same request. Who can write it could write the subjects as well, for the API server asks the same of both.
 * It counts only on the binding whose UID it names: tools copy bindings with all their annotations.
 *
 * @param accounts what was taken, by {@link ServiceAccount#toString}
 */
record Revocation(Map<String, Taken> accounts) {
    static final String ANNOTATION = "kordon.io/revoked";

    /** Names of accounts have a slash. */
    private static final String UID = "uid";

    private static final int MAX_INCIDENTS = 64;

    /**
     * Subjects that are one account.
     *
     * @param incidents ids of the incidents that want them gone, each with the time since when
     * @param subjects as they were, with their index
     */
    record Taken(Map<String, String> incidents, List<Subject> subjects) {}

    record Subject(int index, JsonNode value) {}

    static Revocation of(HasMetadata binding) {
        Map<String, Taken> accounts = new TreeMap<>();
        Map<String, String> annotations = binding.getMetadata().getAnnotations();
        String text = annotations == null ? null : annotations.get(ANNOTATION);
        if (text != null) {
            try {
                JsonNode root = JsonMapper.shared().readTree(text);
                if (root.path(UID).asString("").equals(binding.getMetadata().getUid())) { // else copied from another
                    root.properties().stream()
                            .filter(entry -> !entry.getKey().equals(UID))
                            .forEach(account -> accounts.put(account.getKey(), read(account.getValue())));
                }
            } catch (JacksonException e) {
                return new Revocation(accounts); // somebody else wrote there
            }
        }
        return new Revocation(accounts);
    }

    boolean holds(ServiceAccount account, String incidentId) {
        Taken taken = accounts.get(account.toString());
        return taken != null && taken.incidents.containsKey(incidentId);
    }

    boolean has(ServiceAccount account) {
        return accounts.containsKey(account.toString());
    }

    /** Accounts that were taken out for an incident. */
    List<ServiceAccount> heldFor(String incidentId) {
        return accounts.entrySet().stream()
                .filter(entry -> entry.getValue().incidents.containsKey(incidentId))
                .map(entry -> ServiceAccount.parse(entry.getKey()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** With an account that is out for an incident, too. What was taken before is not taken again. */
    Revocation with(ServiceAccount account, String incidentId, String since, List<Subject> subjects) {
        Map<String, Taken> all = new TreeMap<>(accounts);
        Taken before = all.getOrDefault(account.toString(), new Taken(Map.of(), List.of()));
        if (!before.incidents.containsKey(incidentId) && before.incidents.size() >= MAX_INCIDENTS) {
            throw new IllegalStateException(
                    "the binding is held by " + MAX_INCIDENTS + " incidents already: release some of them");
        }
        Map<String, String> incidents = new TreeMap<>(before.incidents);
        incidents.putIfAbsent(incidentId, since);
        List<Subject> taken = new ArrayList<>(before.subjects);
        subjects.stream()
                .filter(subject -> before.subjects.stream().noneMatch(had -> had.value.equals(subject.value)))
                .forEach(taken::add);
        all.put(account.toString(), new Taken(incidents, taken));
        return new Revocation(all);
    }

    /** Without an incident; an account that no other wants gone is no longer in it. */
    Revocation without(ServiceAccount account, String incidentId) {
        Map<String, Taken> all = new TreeMap<>(accounts);
        Taken before = all.remove(account.toString());
        if (before != null) {
            Map<String, String> incidents = new TreeMap<>(before.incidents);
            incidents.remove(incidentId);
            if (!incidents.isEmpty()) {
                all.put(account.toString(), new Taken(incidents, before.subjects));
            }
        }
        return new Revocation(all);
    }

    /** The subjects with those of the account back where they were; one that is there again is not added. */
    ArrayNode restored(ServiceAccount account, JsonNode live) {
        List<JsonNode> subjects = new ArrayList<>();
        live.forEach(subjects::add);
        Taken taken = accounts.getOrDefault(account.toString(), new Taken(Map.of(), List.of()));
        taken.subjects.stream()
                .filter(subject -> account.is(subject.value)) // of a forged one nothing else
                .filter(subject -> live.valueStream().noneMatch(subject.value::equals))
                .sorted(Comparator.comparingInt(Subject::index))
                .forEach(subject -> subjects.add(Math.min(subject.index, subjects.size()), subject.value));
        ArrayNode restored = JsonMapper.shared().createArrayNode();
        subjects.forEach(restored::add);
        return restored;
    }

    /** Value of the annotation of the binding with this UID; empty if there is nothing to remember. */
    Optional<String> json(String uid) {
        if (accounts.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode root = JsonMapper.shared().createObjectNode();
        root.put(UID, uid);
        accounts.forEach((account, taken) -> {
            ObjectNode node = root.putObject(account);
            ObjectNode incidents = node.putObject("incidents");
            taken.incidents.forEach(incidents::put);
            ArrayNode subjects = node.putArray("subjects");
            taken.subjects.forEach(
                    subject -> subjects.addObject().put("index", subject.index).set("subject", subject.value));
        });
        return Optional.of(root.toString());
    }

    private static Taken read(JsonNode node) {
        Map<String, String> incidents = new TreeMap<>();
        node.path("incidents").properties().stream()
                .limit(MAX_INCIDENTS)
                .forEach(entry -> incidents.put(entry.getKey(), entry.getValue().asString("")));
        List<Subject> subjects = new ArrayList<>();
        for (JsonNode subject : node.path("subjects")) {
            subjects.add(new Subject(Math.max(0, subject.path("index").asInt(0)), subject.path("subject")));
        }
        return new Taken(incidents, subjects);
    }
}
