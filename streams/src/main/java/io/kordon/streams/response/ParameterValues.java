package io.kordon.streams.response;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How values of parameters are written. The actuator has the last word, for only it knows the cluster; but a value that it is
 * bound to refuse would stop a containment half-way, so that a playbook with one is refused when it is loaded.
 */
final class ParameterValues {
    private static final int MOST_ALLOWED = 16;
    private static final long LEAST_LOG_BYTES = 1_024;
    private static final long MOST_LOG_BYTES = 268_435_456;

    private static final String PORT = "(:[1-9]\\d{0,4})?";
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final String IPV4 = OCTET + "(\\." + OCTET + "){3}(/([1-9]|[12]\\d|3[0-2]))?";
    private static final String IPV6 = "[0-9a-fA-F:]{2,39}(/([1-9]\\d?|1[01]\\d|12[0-8]))?";
    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";

    private static final Value FLAG = new Value("true or false", matches("true|false"));
    private static final Value LABELS = new Value(
            "labels as Kubernetes takes them, key=value",
            items("([a-z0-9][a-z0-9.-]{0,252}/)?" + LABEL + "=(" + LABEL + ")?", Integer.MAX_VALUE));

    /** By action and parameter. */
    private static final Map<String, Value> VALUES = Map.ofEntries(
            Map.entry("label labels", LABELS),
            Map.entry("cordon labels", LABELS),
            Map.entry(
                    "isolate allow",
                    new Value(
                            "up to " + MOST_ALLOWED + " of dns, to=CIDR[:port] and from=CIDR[:port], none of them /0",
                            items(
                                    "dns|(to|from)=(" + IPV4 + PORT + "|" + IPV6 + "|\\[" + IPV6 + "]" + PORT + ")",
                                    MOST_ALLOWED))),
            Map.entry(
                    "capture containers",
                    new Value("names of containers", items("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", Integer.MAX_VALUE))),
            Map.entry(
                    "capture logBytes",
                    new Value(
                            "a number of bytes from " + LEAST_LOG_BYTES + " to " + MOST_LOG_BYTES,
                            matches("\\d{1,12}")
                                    .and(text -> Long.parseLong(text) >= LEAST_LOG_BYTES
                                            && Long.parseLong(text) <= MOST_LOG_BYTES))),
            Map.entry("capture exec", FLAG),
            Map.entry("capture checkpoint", FLAG),
            Map.entry("capture snapshot", FLAG),
            Map.entry(
                    "capture debugImage",
                    new Value(
                            "an image, as registry.example/busybox:1.36",
                            matches("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,511}"))),
            Map.entry("scale replicas", new Value("a number of replicas, from 0 on", matches("\\d{1,6}"))),
            Map.entry(
                    "terminate gracePeriodSeconds", new Value("a number of seconds, from 0 on", matches("\\d{1,9}"))));

    private ParameterValues() {}

    /** Why the actuator would refuse this; null if it has no reason that can be known here. */
    @Nullable
    static String refusal(String action, String parameter, String text) {
        Value value = VALUES.get(action + " " + parameter);
        return value == null || value.fits().test(text)
                ? null
                : "'" + parameter + "' of '" + action + "' is " + value.words() + ", not '" + text + "'";
    }

    private static Predicate<String> matches(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    private static Predicate<String> items(String pattern, int most) {
        Predicate<String> item = matches(pattern);
        return text -> {
            List<String> parts = List.of(text.split(",", -1));
            return parts.size() <= most && parts.stream().map(String::trim).allMatch(item);
        };
    }

    private record Value(String words, Predicate<String> fits) {}
}
