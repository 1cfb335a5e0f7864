package io.kordon.streams.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A correlation as the specification reads, over a whole history at once: for each group, every window is tried.
 *
 * @see <a
 *     href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md">
 *     Sigma correlation rules 2.1</a>
 */
public record OracleCorrelation(Map<String, Object> rule) {
    private static final Set<String> BOUNDS_FROM_ABOVE = Set.of("lt", "lte", "eq");

    /** A match of a rule: of an event, or of the correlation that this event completed. */
    public record Hit(String rule, int event, Instant time, Map<String, Object> fields) {}

    /** The first match of a group; the event is null where it is not the matter of one event. */
    public record Match(Map<String, Object> group, Integer event) {}

    /** The names or ids of what it is about. */
    public List<String> rules() {
        return ((List<?>) section().get("rules")).stream().map(String::valueOf).toList();
    }

    /** The matches over these hits, which are in order of time and go until {@code end}. */
    public List<Match> matches(List<Hit> hits, Instant end) {
        Map<Map<String, Object>, List<Hit>> groups = new LinkedHashMap<>();
        for (Hit hit : hits) {
            Map<String, Object> group = group(hit);
            if (rules().contains(hit.rule()) && !group.containsValue(null)) {
                groups.computeIfAbsent(group, key -> new ArrayList<>()).add(hit);
            }
        }
        List<Match> matches = new ArrayList<>();
        groups.forEach((group, own) -> {
            Integer at = firstMatch(own, end);
            if (at != null) {
                matches.add(new Match(group, at < 0 ? null : at));
            }
        });
        return matches;
    }

    /** The completing event; -1 if it matches without there being one; null if it does not match. */
    private Integer firstMatch(List<Hit> hits, Instant end) {
        Duration timespan = timespan();
        boolean above = condition().keySet().stream().anyMatch(BOUNDS_FROM_ABOVE::contains);
        boolean anyEvent = List.of("value_avg", "value_percentile").contains(type());
        if (above || anyEvent) {
            Instant over = hits.get(0).time().plus(timespan);
            List<Hit> window =
                    hits.stream().filter(hit -> !hit.time().isAfter(over)).toList();
            return holds(window) && (anyEvent || end.isAfter(over)) ? -1 : null;
        }
        for (int last = 0; last < hits.size(); last++) {
            Instant from = hits.get(last).time().minus(timespan);
            List<Hit> window = hits.subList(0, last + 1).stream()
                    .filter(hit -> !hit.time().isBefore(from))
                    .toList();
            if (holds(window)) {
                return hits.get(last).event();
            }
        }
        return null;
    }

    private boolean holds(List<Hit> window) {
        List<Object> values = window.stream()
                .flatMap(hit -> OracleEvent.field(
                        hit.fields(), String.valueOf(condition().get("field")))
                        .stream())
                .filter(Objects::nonNull)
                .toList();
        return switch (type()) {
            case "event_count" -> holds(window.size());
            case "value_count" -> holds((double) values.stream().distinct().count());
            case "value_sum" ->
                holds(numbers(values).stream().mapToDouble(d -> d).sum());
            case "value_avg" ->
                holds(numbers(values).stream().mapToDouble(d -> d).average().orElseThrow());
            case "value_percentile" -> holds(percentile(numbers(values)));
            case "temporal" -> {
                long different = window.stream().map(Hit::rule).distinct().count();
                yield condition().isEmpty() ? different == rules().size() : holds((double) different);
            }
            case "temporal_ordered" -> {
                int next = 0;
                for (Hit hit : window) {
                    next += next < rules().size() && hit.rule().equals(rules().get(next)) ? 1 : 0;
                }
                yield next == rules().size();
            }
            default -> throw new IllegalArgumentException(type());
        };
    }

    private boolean holds(double number) {
        return condition().entrySet().stream().allMatch(bound -> {
            if (!(bound.getValue() instanceof Number limit) || bound.getKey().equals("percentile")) {
                return true;
            }
            int order = Double.compare(number, limit.doubleValue());
            return switch (String.valueOf(bound.getKey())) {
                case "gt" -> order > 0;
                case "gte" -> order >= 0;
                case "lt" -> order < 0;
                case "lte" -> order <= 0;
                case "eq" -> order == 0;
                default -> throw new IllegalArgumentException(bound.toString());
            };
        });
    }

    /** The nearest rank. */
    private double percentile(List<Double> numbers) {
        double share = ((Number) Objects.requireNonNull(condition().get("percentile"))).doubleValue() / 100;
        return numbers.get((int) Math.max(0, Math.ceil(share * numbers.size()) - 1));
    }

    private static List<Double> numbers(List<Object> values) {
        return values.stream()
                .map(value -> Double.valueOf(String.valueOf(value)))
                .sorted()
                .toList();
    }

    private Map<String, Object> group(Hit hit) {
        Map<String, Object> group = new LinkedHashMap<>();
        Object fields = section().getOrDefault("group-by", List.of());
        for (Object name : (List<?>) fields) {
            List<Object> values = OracleEvent.field(hit.fields(), field(String.valueOf(name), hit.rule()));
            group.put(String.valueOf(name), values.isEmpty() ? null : values.get(0));
        }
        return group;
    }

    private String field(String name, String rule) {
        return section().get("aliases") instanceof Map<?, ?> aliases && aliases.get(name) instanceof Map<?, ?> fields
                ? String.valueOf(fields.get(rule))
                : name;
    }

    private Duration timespan() {
        String text = String.valueOf(section().get("timespan"));
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            case 'd' -> Duration.ofDays(number);
            default -> throw new IllegalArgumentException(text);
        };
    }

    private String type() {
        return String.valueOf(section().get("type"));
    }

    private Map<?, ?> condition() {
        return section().get("condition") instanceof Map<?, ?> map ? map : Map.of();
    }

    private Map<String, Object> section() {
        return ((Map<?, ?>) rule.get("correlation"))
                .entrySet().stream().collect(Collectors.toMap(e -> String.valueOf(e.getKey()), e -> e.getValue()));
    }
}
