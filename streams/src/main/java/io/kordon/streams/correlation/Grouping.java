package io.kordon.streams.correlation;

import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.CorrelationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Under which key the matches of a rule meet: the {@code group-by} of a correlation over it. */
public final class Grouping {
    /** Field of group-by that means the resolved entity: the pod, or what else an event is about. */
    public static final String POD = "pod";

    /** Rules without correlation, and those grouped by pod, speak of the entity itself. */
    public static final List<String> ENTITY = List.of(POD);

    private static final String WHOLE = "#whole";

    private static final Set<String> USER_FIELDS = Set.of("user.username", "user.name", "ka.user.name");

    private final Keys keys;

    public Grouping(Keys keys) {
        this.keys = keys;
    }

    /** How keys are spelled. */
    public interface Keys {
        /** Of a group of field values. */
        String group(String cluster, List<String> fields, List<String> values);

        /** Of a user. */
        String user(String cluster, String name);

        /** Of a whole cluster. */
        String cluster(String cluster);

        /** The pod that a key names, its UID unknown; null for any other key. */
        @Nullable
        Subject pod(String key);
    }

    /**
     * A group.
     *
     * @param subject what it is about, under the group's key
     * @param groupBy as {@link #spelled}
     */
    public record Group(Subject subject, List<String> groupBy) {
        public Group {
            groupBy = List.copyOf(groupBy);
        }

        public String key() {
            return subject.key();
        }

        /** What an id is made of: the key, and the aliases, with which one event may come under one key twice. */
        public String identity() {
            boolean aliased = groupBy.stream().anyMatch(field -> field.indexOf('=') >= 0);
            return aliased ? key() + "|" + String.join(",", groupBy) : key();
        }
    }

    /**
     * The group-by of a correlation as a signal of one of its rules bears it: each field's name, and {@code alias=field}
     * where an alias stands for the field, so that two correlations with different aliases keep their signals apart.
     */
    public static List<String> spelled(CorrelationRule rule, String ruleId) {
        return rule.groupBy().stream()
                .map(name -> {
                    String field = rule.field(name, ruleId);
                    return field.equals(name) ? name : name + "=" + field;
                })
                .toList();
    }

    /** As a whole match of a correlation bears it, beside the signals that take part in it. */
    static List<String> whole(List<String> spelled) {
        return Stream.concat(spelled.stream(), Stream.of(WHOLE)).toList();
    }

    /**
     * The group that a match belongs to.
     *
     * @param rule the correlation that groups
     * @param ruleId whose match it is
     * @param entity what the match is about
     * @param value the text of a field, null where the match has none
     * @return null when a field of group-by is missing: such a match belongs to no group
     */
    public @Nullable Group of(
            CorrelationRule rule, String ruleId, Subject entity, Function<String, @Nullable String> value) {
        List<String> names = rule.groupBy();
        if (names.equals(ENTITY) && rule.field(POD, ruleId).equals(POD)) {
            return new Group(entity, ENTITY);
        }
        List<String> values = new ArrayList<>();
        for (String name : names) {
            String field = rule.field(name, ruleId);
            String text = field.equals(POD) ? entity.key() : value.apply(field);
            if (text == null) {
                return null;
            }
            values.add(text);
        }
        return new Group(subject(names, values, entity), spelled(rule, ruleId));
    }

    /** Whether it groups by the user alone, and so under the user's own key. */
    static boolean isUser(List<String> spelled) {
        return spelled.size() == 1 && USER_FIELDS.contains(spelled.get(0));
    }

    /** What the event of a signal was about: under the key of a group without the pod, only its key is known. */
    Subject entity(Signal signal) {
        String key = signal.values().get(POD);
        if (key == null) {
            return signal.subject();
        }
        boolean kept = signal.groupBy().equals(ENTITY) || signal.groupBy().contains(POD);
        Subject pod = kept ? null : keys.pod(key);
        return pod != null ? pod : signal.subject().under(key);
    }

    private Subject subject(List<String> names, List<String> values, Subject entity) {
        String cluster = entity.cluster();
        if (names.isEmpty()) {
            return named(keys.cluster(cluster), Subject.Kind.CLUSTER, cluster, cluster);
        }
        if (names.contains(POD)) {
            return entity.under(keys.group(cluster, names, values));
        }
        String joined = String.join(",", values);
        String name = joined.length() <= Subject.MAX_PART ? joined : joined.substring(0, Subject.MAX_PART);
        return isUser(names)
                ? named(keys.user(cluster, name), Subject.Kind.USER, cluster, name)
                : named(keys.group(cluster, names, values), Subject.Kind.UNKNOWN, cluster, name);
    }

    private static Subject named(String key, Subject.Kind kind, String cluster, String name) {
        return new Subject(key, kind, cluster, null, name, null, null, null, null);
    }
}
