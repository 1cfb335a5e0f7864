package io.kordon.kubernetes.capture;

import java.time.Duration;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind that others may have installed in the cluster, of which a capture leaves objects there. Their names come from the
 * command, so that a replay finds what is there already.
 *
 * @param api path of its group and version, as {@code /apis/snapshot.storage.k8s.io/v1}
 * @param resource its plural
 */
record InstalledKind(String api, String kind, String resource) {
    private static final Duration BETWEEN = Duration.ofMillis(500);
    private static final int MAX_ID = 63;

    /** @throws NotHad where it is not installed, or nobody can tell */
    void require(Scene scene) throws NotHad, InterruptedException {
        try {
            JsonNode discovery = json(scene.api.get(api, scene.limits.objectBytes(), scene.question()));
            for (JsonNode installed : discovery.path("resources")) {
                if (installed.path("name").asString("").equals(resource)) {
                    return;
                }
            }
        } catch (NotHad e) {
            if (e.code() != 404) {
                throw e;
            }
        }
        throw new NotHad(404, "the cluster has no kind " + kind + " of " + api);
    }

    /**
     * Creates the object unless it is there, and waits a little until it is ready.
     *
     * @param ready whether it has come to an end, good or bad
     * @return the object as it is then
     */
    ApiReader.Answer ensure(Scene scene, String name, ObjectNode spec, Predicate<JsonNode> ready)
            throws NotHad, InterruptedException {
        String collection = scene.path(api, resource);
        String path = collection + "/" + name;
        int bytes = scene.limits.objectBytes();
        ApiReader.Answer answer;
        try {
            answer = scene.api.get(path, bytes, scene.question());
        } catch (NotHad e) {
            if (e.code() != 404) {
                throw e;
            }
            answer = create(scene, collection, name, spec);
        }
        JsonNode found = json(answer).path("spec");
        for (var field : spec.properties()) {
            if (!field.getValue().equals(found.path(field.getKey()))) {
                throw new NotHad(
                        409,
                        kind + " " + name + " is there, and is another's: its " + field.getKey()
                                + " is not what the capture asks for");
            }
        }
        Deadline deadline = scene.deadline.within(scene.limits.ready());
        while (!ready.test(json(answer)) && !deadline.over()) {
            scene.pause.of(BETWEEN);
            answer = scene.api.get(path, bytes, scene.question());
        }
        return answer;
    }

    private ApiReader.Answer create(Scene scene, String collection, String name, ObjectNode spec)
            throws NotHad, InterruptedException {
        ObjectNode object = JsonMapper.shared().createObjectNode();
        object.put("apiVersion", api.substring("/apis/".length())).put("kind", kind);
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", name).put("namespace", scene.subject.namespace());
        metadata.putObject("labels")
                .put("app.kubernetes.io/managed-by", "kordon")
                .put("kordon.io/incident", label(scene.subject.incidentId()));
        metadata.putObject("annotations")
                .put("kordon.io/incident", scene.subject.incidentId())
                .put("kordon.io/command", scene.subject.commandId());
        object.set("spec", spec);
        try {
            ApiReader.Answer created =
                    scene.api.post(collection, object.toString(), scene.limits.objectBytes(), scene.question());
            scene.markChanged();
            return created;
        } catch (NotHad e) {
            if (e.code() == 409) { // made meanwhile, by an attempt whose answer was lost
                return scene.api.get(collection + "/" + name, scene.limits.objectBytes(), scene.question());
            }
            throw e;
        }
    }

    /** The incident's id where it can be a label's value, else its digest. */
    static String label(String incidentId) {
        boolean fits = incidentId.length() <= MAX_ID && incidentId.matches("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
        return fits ? incidentId : DebugContainer.hash(incidentId);
    }

    private static JsonNode json(ApiReader.Answer answer) throws NotHad {
        try {
            return JsonMapper.shared().readTree(answer.bytes());
        } catch (JacksonException e) {
            throw new NotHad(0, "the answer is no JSON, or longer than what is kept of it");
        }
    }
}
