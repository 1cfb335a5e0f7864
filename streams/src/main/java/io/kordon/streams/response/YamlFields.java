package io.kordon.streams.response;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML mapping, read by name; what is not as it should be is {@link Unusable}, with the node that is to blame. */
final class YamlFields {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final int LONGEST_TEXT = 1_024;
    private static final int MOST_ITEMS = 100;

    private final Node node;
    private final Map<String, NodeTuple> entries;

    private YamlFields(Node node, Map<String, NodeTuple> entries) {
        this.node = node;
        this.entries = entries;
    }

    /** Why a document cannot be used, and where. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;
        final transient Node node;
        final String reason;

        Unusable(Node node, String reason) {
            super(reason, null, false, false);
            this.node = node;
            this.reason = reason;
        }
    }

    static YamlFields of(Node node, String what) {
        if (!(node instanceof MappingNode mapping)) {
            throw new Unusable(node, what + " is a mapping of names to values");
        }
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = text(tuple.getKeyNode(), "a name");
            if (entries.put(name, tuple) != null) {
                throw new Unusable(tuple.getKeyNode(), "'" + name + "' is given twice");
            }
            if (entries.size() > MOST_ITEMS) {
                throw new Unusable(tuple.getKeyNode(), what + " has more than " + MOST_ITEMS + " entries");
            }
        }
        return new YamlFields(node, entries);
    }

    Node node() {
        return node;
    }

    Set<String> names() {
        return entries.keySet();
    }

    void allowOnly(Set<String> known) {
        for (String name : entries.keySet()) {
            if (!known.contains(name)) {
                throw new Unusable(key(name), "'" + name + "' is unknown here: use " + new TreeSet<>(known));
            }
        }
    }

    Node key(String name) {
        NodeTuple tuple = entries.get(name);
        return tuple == null ? node : tuple.getKeyNode();
    }

    @Nullable
    Node value(String name) {
        NodeTuple tuple = entries.get(name);
        return tuple == null ? null : tuple.getValueNode();
    }

    Node required(String name) {
        Node value = value(name);
        if (value == null) {
            throw new Unusable(node, "'" + name + "' is missing");
        }
        return value;
    }

    String text(String name, String otherwise) {
        Node value = value(name);
        return value == null ? otherwise : text(value, name);
    }

    double number(String name, double otherwise) {
        Node value = value(name);
        try {
            return value == null ? otherwise : Double.parseDouble(text(value, name));
        } catch (NumberFormatException e) {
            throw new Unusable(value == null ? node : value, name + " is a number");
        }
    }

    @Nullable
    Boolean flag(String name) {
        Node value = value(name);
        if (value == null) {
            return null;
        }
        return switch (text(value, name)) {
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new Unusable(value, name + " is true or false");
        };
    }

    /** Zero where the name is absent. */
    Duration duration(String name, Duration least, Duration most) {
        Node value = value(name);
        if (value == null) {
            return Duration.ZERO;
        }
        Matcher amount = DURATION.matcher(text(value, name));
        Duration duration =
                amount.matches() ? unit(amount.group(2)).multipliedBy(Long.parseLong(amount.group(1))) : Duration.ZERO;
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new Unusable(
                    value,
                    name + " is a time with its unit, as 30s, 5m, 4h or 7d, from " + shown(least) + " to "
                            + shown(most));
        }
        return duration;
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }

    private static String shown(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + "d";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + "h";
        }
        return duration.toMinutes() > 0 ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }

    Set<String> texts(String name) {
        Node value = value(name);
        Set<String> texts = new LinkedHashSet<>();
        if (value != null) {
            items(value, name).forEach(item -> texts.add(text(item, name)));
            if (texts.isEmpty()) {
                throw new Unusable(value, name + " is empty: leave it out to ask for nothing");
            }
        }
        return texts;
    }

    /** What the text becomes, or null where the name is absent; what it refuses is refused at its place. */
    <T> @Nullable T parsed(String name, Function<String, T> parser) {
        Node value = value(name);
        if (value == null) {
            return null;
        }
        try {
            return parser.apply(text(value, name));
        } catch (IllegalArgumentException e) {
            throw new Unusable(value, name + ": " + e.getMessage());
        }
    }

    static List<Node> items(Node node, String what) {
        if (!(node instanceof SequenceNode sequence)) {
            throw new Unusable(node, what + " is a list");
        }
        if (sequence.getValue().size() > MOST_ITEMS) {
            throw new Unusable(node, what + " has more than " + MOST_ITEMS + " entries");
        }
        return sequence.getValue();
    }

    static String text(Node node, String what) {
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
            throw new Unusable(node, what + " is a text");
        }
        if (scalar.getValue().length() > LONGEST_TEXT) {
            throw new Unusable(
                    node, what + " has " + scalar.getValue().length() + " characters, more than " + LONGEST_TEXT);
        }
        return scalar.getValue();
    }

    /** A text, or a list or mapping as one: {@code a,b} and {@code k=v,l=w}. */
    static String joined(Node node, String what) {
        List<String> parts = new ArrayList<>();
        if (node instanceof SequenceNode) {
            items(node, what).forEach(item -> parts.add(text(item, what)));
        } else if (node instanceof MappingNode) {
            YamlFields fields = of(node, what);
            fields.entries.forEach(
                    (name, tuple) -> parts.add(name + "=" + text(tuple.getValueNode(), what + " " + name)));
        } else {
            return text(node, what);
        }
        String text = String.join(",", parts);
        if (text.isEmpty() || text.length() > LONGEST_TEXT) {
            throw new Unusable(node, what + " has 1 to " + LONGEST_TEXT + " characters, not " + text.length());
        }
        return text;
    }
}
