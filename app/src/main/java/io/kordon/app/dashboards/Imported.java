package io.kordon.app.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * What came of an import.
 *
 * @param complete whether all objects are in
 * @param count of those that are
 * @param problems one line for each object that is not
 */
record Imported(boolean complete, long count, List<String> problems) {
    private static final int LONGEST = 500;

    Imported {
        problems = List.copyOf(problems);
    }

    /** @param answer of Kibana to {@code POST /api/saved_objects/_import} */
    static Imported of(JsonNode answer) {
        List<String> problems = new ArrayList<>();
        for (JsonNode error : answer.path("errors")) {
            problems.add(problem(error));
        }
        boolean complete = answer.path("success").asBoolean(false) && problems.isEmpty();
        if (!complete && problems.isEmpty()) {
            problems.add("Kibana does not say that the import was successful: " + cut(answer.toString()));
        }
        return new Imported(complete, answer.path("successCount").asLong(), problems);
    }

    private static String problem(JsonNode error) {
        JsonNode cause = error.path("error");
        StringJoiner missing = new StringJoiner(", ", " (", ")").setEmptyValue("");
        for (JsonNode reference : cause.path("references")) {
            missing.add(
                    reference.path("type").asText() + " " + reference.path("id").asText());
        }
        String message = cause.path("message").asText();
        return cut(error.path("type").asText() + " " + error.path("id").asText() + ": "
                + cause.path("type").asText("unknown") + missing + (message.isEmpty() ? "" : ": " + message));
    }

    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
