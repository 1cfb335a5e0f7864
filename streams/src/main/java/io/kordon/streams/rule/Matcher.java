package io.kordon.streams.rule;

import java.util.List;

/** A compiled search. Immutable and safe for use from any thread; it never throws for what an event holds. */
@FunctionalInterface
public interface Matcher {
    boolean matches(Fields event);

    /** Logical and; with no parts it matches everything. */
    static Matcher allOf(List<Matcher> parts) {
        return parts.size() == 1 ? parts.get(0) : new AllOf(List.copyOf(parts));
    }

    /** Logical or; with no parts it matches nothing. */
    static Matcher anyOf(List<Matcher> parts) {
        return parts.size() == 1 ? parts.get(0) : new AtLeast(1, List.copyOf(parts));
    }

    /** At least {@code count} of the parts. */
    static Matcher atLeast(int count, List<Matcher> parts) {
        return count == 1 ? anyOf(parts) : new AtLeast(count, List.copyOf(parts));
    }

    static Matcher not(Matcher part) {
        return new Not(part);
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
    }

    /** Holds when the part does not. */
    record Not(Matcher part) implements Matcher {
        @Override
        public boolean matches(Fields event) {
            return !part.matches(event);
        }
    }
}
