package io.kordon.streams.oracle;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A condition, evaluated while it is read. "Operator precedence (least to most binding): or, and, not, x of
 * search-identifier, ( expression )". Both sides of an operator are always evaluated, since both have to be read.
 */
final class OracleCondition {
    private static final Pattern TOKEN = Pattern.compile("[()]|[^\\s()]+");

    private final List<String> tokens;
    private final Collection<String> names;
    private final Predicate<String> search;
    private int next;

    private OracleCondition(String condition, Collection<String> names, Predicate<String> search) {
        this.tokens = TOKEN.matcher(condition).results().map(MatchResult::group).toList();
        this.names = names;
        this.search = search;
    }

    static boolean holds(String condition, Collection<String> names, Predicate<String> search) {
        OracleCondition reader = new OracleCondition(condition, names, search);
        boolean result = reader.or();
        if (reader.next != reader.tokens.size()) {
            throw new IllegalArgumentException("not a condition: " + condition);
        }
        return result;
    }

    private boolean or() {
        boolean result = and();
        while (take("or")) {
            result |= and();
        }
        return result;
    }

    private boolean and() {
        boolean result = not();
        while (take("and")) {
            result &= not();
        }
        return result;
    }

    private boolean not() {
        return take("not") ? !not() : primary();
    }

    private boolean primary() {
        if (take("(")) {
            boolean result = or();
            if (!take(")")) {
                throw new IllegalArgumentException("missing ) in " + tokens);
            }
            return result;
        }
        String word = tokens.get(next++);
        if (!take("of")) {
            if (!names.contains(word)) {
                throw new IllegalArgumentException("no search " + word);
            }
            return search.test(word);
        }
        String pattern = tokens.get(next++);
        List<String> meant = names.stream().filter(name -> meant(name, pattern)).toList();
        long hits = meant.stream().filter(search).count();
        return word.toLowerCase(Locale.ROOT).equals("all") ? hits == meant.size() : hits >= 1;
    }

    /** Searches whose names begin with an underscore are meant by no {@code of} that does not say the underscore itself. */
    private static boolean meant(String name, String pattern) {
        if (pattern.equals("them")) {
            return !name.startsWith("_");
        }
        return (!name.startsWith("_") || pattern.startsWith("_")) && name.matches(pattern.replace("*", ".*"));
    }

    private boolean take(String word) {
        if (next < tokens.size() && tokens.get(next).equals(word)) {
            next++;
            return true;
        }
        return false;
    }
}
