package io.kordon.kubernetes.simulated;

import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists of events by what they are of. */
final class EventLists {
    private static final String SELECTOR = "involvedObject.uid=";

    /** UID of the object whose events are asked for, or null where the request is no such question. */
    static @Nullable String eventsOf(ApiCall call, RecordedRequest request) {
        String selector = ApiCall.query(request).getOrDefault("fieldSelector", "");
        return call.verb().equals("list") && call.resource().equals("events") && selector.startsWith(SELECTOR)
                ? selector.substring(SELECTOR.length())
                : null;
    }

    /** The request without its selector, which the mock server does not know. */
    static RecordedRequest unselected(RecordedRequest request) {
        return new RecordedRequest(
                request.getHttpVersion(),
                request.method(),
                ApiCall.path(request),
                request.getHeaders(),
                request.getBody());
    }

    static MockResponse chosen(MockResponse all, String uid) {
        ObjectNode list =
                (ObjectNode) JsonMapper.shared().readTree(all.getBody().getBytes());
        ArrayNode items = JsonMapper.shared().createArrayNode();
        for (JsonNode event : list.path("items")) {
            if (event.path("involvedObject").path("uid").asString("").equals(uid)) {
                items.add(event);
            }
        }
        list.set("items", items);
        return SimulatedKubelet.json(200, list);
    }
}
