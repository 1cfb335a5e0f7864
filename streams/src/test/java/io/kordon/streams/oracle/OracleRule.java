package io.kordon.streams.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A detection rule as the Sigma specification reads, evaluated in the plainest way that there is: recursion over the maps
 * that the YAML parser gives, every value turned into a {@link java.util.regex.Pattern} anew for each event. It exists to
 * disagree with the engine, so it shares nothing with it but the YAML parser, and speed is no aim.
 *
 * @see <a href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md">
 *     Sigma rules 2.1, Detection</a>
 */
public record OracleRule(String title, String id, Map<String, Object> searches, List<String> conditions) {
    /** Keys of a detection section that name no search. */
    private static final List<String> NO_SEARCH = List.of("condition", "timeframe");

    /** The detection rules of a file, in order; other documents are passed over. */
    public static List<OracleRule> read(String yaml) {
        List<OracleRule> rules = new ArrayList<>();
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setAllowDuplicateKeys(false)
                .build();
        for (Object document : new Load(settings).loadAllFromString(yaml)) {
            if (document instanceof Map<?, ?> map && map.get("detection") instanceof Map<?, ?> detection) {
                rules.add(of(map, detection));
            }
        }
        return rules;
    }

    private static OracleRule of(Map<?, ?> rule, Map<?, ?> detection) {
        Map<String, Object> searches = new LinkedHashMap<>();
        detection.forEach((name, search) -> {
            if (!NO_SEARCH.contains(String.valueOf(name))) {
                searches.put(String.valueOf(name), search);
            }
        });
        List<String> conditions = detection.get("condition") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(detection.get("condition")));
        return new OracleRule(String.valueOf(rule.get("title")), String.valueOf(rule.get("id")), searches, conditions);
    }

    /** Several conditions are as many queries, any of which may hit. */
    public boolean matches(Map<String, Object> event) {
        return conditions.stream()
                .anyMatch(condition ->
                        OracleCondition.holds(condition, searches.keySet(), name -> search(searches.get(name), event)));
    }

    /** "All elements of a map are joined with a logical AND", those of a list with OR; what is neither is a keyword. */
    private static boolean search(Object search, Map<String, Object> event) {
        if (search instanceof List<?> list) {
            return list.stream().anyMatch(element -> search(element, event));
        }
        if (search instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .allMatch(item -> new OracleItem(String.valueOf(item.getKey()), item.getValue()).matches(event));
        }
        return new OracleItem("", search).matches(event);
    }
}
