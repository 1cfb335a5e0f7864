package io.kordon.streams.response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which labels a pod must have, as kubectl's {@code --selector} writes it: {@code app=tomcat,tier in (web,api),!debug}.
 * As there, {@code !=} and {@code notin} are also met by a pod without the label.
 *
 * @param requirements all of which must be met
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors">Label
 *     selectors</a>
 */
public record LabelSelector(List<Requirement> requirements) {
    private static final int MOST = 50;
    private static final String KEY_TEXT = "[A-Za-z0-9][A-Za-z0-9._/-]{0,316}";
    private static final Pattern SET = Pattern.compile("(" + KEY_TEXT + ")\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("(" + KEY_TEXT + ")\\s*(==|=|!=)\\s*(\\S*)");
    private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*(" + KEY_TEXT + ")");

    private static final String NAME = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
    private static final Pattern KEY = Pattern.compile("([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?" + NAME);
    private static final Pattern VALUE = Pattern.compile("(" + NAME + ")?");

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** How a label is looked at. */
    public enum Operator {
        EXISTS,
        ABSENT,
        IN,
        NOT_IN
    }

    /**
     * One part.
     *
     * @param values of {@code IN} and {@code NOT_IN}
     */
    public record Requirement(String key, Operator operator, Set<String> values) {
        public Requirement {
            values = Set.copyOf(values);
        }

        boolean metBy(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case EXISTS -> value != null;
                case ABSENT -> value == null;
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
            };
        }
    }

    boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(requirement -> requirement.metBy(labels));
    }

    /**
     * Reads a selector.
     *
     * @throws IllegalArgumentException saying what is wrong with the text
     */
    public static LabelSelector parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : parts(text)) {
            requirements.add(requirement(part.strip()));
        }
        if (requirements.size() > MOST) {
            throw new IllegalArgumentException("the selector has " + requirements.size() + " parts, more than " + MOST);
        }
        return new LabelSelector(requirements);
    }

    /** Cut at the commas that stand in no parentheses. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static Requirement requirement(String part) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            Set<String> values = Arrays.stream(set.group(3).split(",", -1))
                    .map(String::strip)
                    .collect(Collectors.toCollection(TreeSet::new));
            return checked(set.group(1), set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN, values);
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            Operator operator = equality.group(2).equals("!=") ? Operator.NOT_IN : Operator.IN;
            return checked(equality.group(1), operator, Set.of(equality.group(3)));
        }
        Matcher existence = EXISTENCE.matcher(part);
        if (existence.matches()) {
            Operator operator = existence.group(1).isEmpty() ? Operator.EXISTS : Operator.ABSENT;
            return checked(existence.group(2), operator, Set.of());
        }
        throw new IllegalArgumentException("'" + part
                + "' is no part of a selector: use key=value, key!=value, key in (a,b), key notin (a,b), key or !key");
    }

    private static Requirement checked(String key, Operator operator, Set<String> values) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("'" + key + "' cannot be the key of a label");
        }
        for (String value : values) {
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("'" + value + "' cannot be the value of a label");
            }
        }
        return new Requirement(key, operator, values);
    }
}
