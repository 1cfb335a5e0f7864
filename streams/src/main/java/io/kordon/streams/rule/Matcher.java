package io.kordon.streams.rule;

import java.util.List;

/** A compiled search. Immutable and safe for use from any thread; it never throws for what an event holds. */
public interface Matcher {
    boolean matches(Fields event);

    /** What {@link #matches} comes to, and why. Tests every part, so it costs more. */
    Explanation explain(Fields event);

    /** Logical and; with no parts it matches everything. */
    static Matcher allOf(List<Matcher> parts) {
        return parts.size() == 1 ? parts.get(0) : new AllOf(List.copyOf(parts));
    }

    /** Logical or; with no parts it matches nothing. */
    static Matcher anyOf(List<Matcher> parts) {
        return atLeast(1, parts);
    }

    /** At least {@code count} of the parts. */
    static Matcher atLeast(int count, List<Matcher> parts) {
        return count == 1 && parts.size() == 1 ? parts.get(0) : new AtLeast(count, List.copyOf(parts));
    }

    static Matcher not(Matcher part) {
        return new Not(part);
    }

    /** The same under the name that the rule gives it. */
    static Matcher named(String name, Matcher part) {
        return new Named(name, part);
    }

    private static List<Explanation> explain(List<Matcher> parts, Fields event) {
        return parts.stream().map(part -> part.explain(event)).toList();
    }

    /** Holds when all parts do. */
    record AllOf(List<Matcher> parts) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            for (int i = 0; i < parts.size(); i++) {
                if (!parts.get(i).matches(event)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public Explanation explain(Fields event) {
            return Explanation.of("all of", matches(event), Matcher.explain(parts, event));
        }
    }

    /** Holds when {@code count} parts do. */
    record AtLeast(int count, List<Matcher> parts) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            int missing = count;
            for (int i = 0; i < parts.size() && missing > 0; i++) {
                if (parts.get(i).matches(event)) {
                    missing--;
                }
            }
            return missing <= 0;
        }

        @Override
        public Explanation explain(Fields event) {
            String test = count == 1 ? "any of" : count + " of";
            return Explanation.of(test, matches(event), Matcher.explain(parts, event));
        }
    }

    /** Holds when the part does not. */
    record Not(Matcher part) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            return !part.matches(event);
        }

        @Override
        public Explanation explain(Fields event) {
            return Explanation.of("not", matches(event), List.of(part.explain(event)));
        }
    }

    /** Holds when the part does. */
    record Named(String name, Matcher part) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            return part.matches(event);
        }

        @Override
        public Explanation explain(Fields event) {
            return Explanation.of(name, matches(event), List.of(part.explain(event)));
        }
    }
}
