package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The condition of a detection: {@code or} binds least, then {@code and}, {@code not}, {@code N of}, parentheses.
 * Keywords are taken in any case.
 */
final class ConditionParser {
    private static final int LONGEST = 20_000;
    private static final int DEEPEST = 64;
    private static final Set<String> KEYWORDS = Set.of("and", "or", "not", "of");

    private record Token(String text, int offset) {
        boolean is(String keyword) {
            return text.toLowerCase(Locale.ROOT).equals(keyword);
        }
    }

    private final ScalarNode node;
    private final Map<String, Matcher> searches;
    private final List<Token> tokens;
    private int next;
    private int depth;

    private ConditionParser(ScalarNode node, Map<String, Matcher> searches) {
        this.node = node;
        this.searches = searches;
        this.tokens = tokens(node);
    }

    /** Compiles a condition over the named searches. */
    static Matcher parse(ScalarNode node, Map<String, Matcher> searches) {
        ConditionParser parser = new ConditionParser(node, searches);
        Matcher matcher = parser.or();
        Token rest = parser.peek();
        if (rest != null) {
            throw parser.refusal(rest, "'" + rest.text + "' is not expected here");
        }
        return matcher;
    }

    private static List<Token> tokens(ScalarNode node) {
        String text = node.getValue();
        if (text.length() > LONGEST) {
            throw Refusal.at(node, "the condition is longer than " + LONGEST + " characters");
        }
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int start = at++;
            if (Character.isWhitespace(c)) {
                continue;
            }
            if (c == '|') {
                throw Refusal.at(
                        node, start, "aggregations in conditions are not part of Sigma 2; write a correlation rule");
            }
            if (c != '(' && c != ')') {
                if (!word(c)) {
                    throw Refusal.at(node, start, "'" + c + "' cannot stand in a condition");
                }
                while (at < text.length() && word(text.charAt(at))) {
                    at++;
                }
            }
            tokens.add(new Token(text.substring(start, at), start));
        }
        return tokens;
    }

    private static boolean word(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '*' || c == '.';
    }

    private Matcher or() {
        List<Matcher> parts = new ArrayList<>();
        do {
            parts.add(and());
        } while (accept("or"));
        return Matcher.anyOf(parts);
    }

    private Matcher and() {
        List<Matcher> parts = new ArrayList<>();
        do {
            parts.add(not());
        } while (accept("and"));
        return Matcher.allOf(parts);
    }

    private Matcher not() {
        boolean negated = false;
        while (accept("not")) {
            negated = !negated;
        }
        Matcher part = primary();
        return negated ? Matcher.not(part) : part;
    }

    private Matcher primary() {
        Token token = peek();
        if (token == null) {
            throw Refusal.at(node, node.getValue().length(), "the condition ends where a search is expected");
        }
        next++;
        if (token.is("(")) {
            depth++;
            if (depth > DEEPEST) {
                throw refusal(token, "parentheses nest deeper than " + DEEPEST);
            }
            Matcher inner = or();
            if (!accept(")")) {
                throw refusal(token, "'(' is not closed");
            }
            depth--;
            return inner;
        }
        if (token.is(")") || KEYWORDS.contains(token.text.toLowerCase(Locale.ROOT))) {
            throw refusal(token, "'" + token.text + "' stands where a search is expected");
        }
        Token following = peek();
        if (following != null && following.is("of")) {
            next++;
            return quantified(token);
        }
        Matcher search = searches.get(token.text);
        if (search == null) {
            throw refusal(token, "the detection has no search '" + token.text + "'");
        }
        return search;
    }

    private Matcher quantified(Token quantity) {
        Token pattern = peek();
        if (pattern == null || pattern.is("(") || pattern.is(")")) {
            throw refusal(quantity, "'" + quantity.text + " of' needs 'them' or a pattern of search names");
        }
        next++;
        List<Matcher> chosen = new ArrayList<>();
        searches.forEach((name, matcher) -> {
            boolean hidden = name.startsWith("_") && !pattern.text.startsWith("_");
            if (!hidden && (pattern.is("them") || wild(pattern.text, name))) {
                chosen.add(matcher);
            }
        });
        if (chosen.isEmpty()) {
            throw refusal(pattern, "no search of the detection is meant by '" + pattern.text + "'");
        }
        int count = count(quantity, chosen.size());
        return count == chosen.size() ? Matcher.allOf(chosen) : Matcher.atLeast(count, chosen);
    }

    private int count(Token quantity, int all) {
        if (quantity.is("all")) {
            return all;
        }
        if (quantity.is("any")) {
            return 1;
        }
        if (!quantity.text.matches("[0-9]{1,6}") || Integer.parseInt(quantity.text) == 0) {
            throw refusal(quantity, "'" + quantity.text + " of': expected a number from 1, 'any' or 'all'");
        }
        int count = Integer.parseInt(quantity.text);
        if (count > all) {
            throw refusal(quantity, count + " of " + all + " can never match");
        }
        return count;
    }

    /** Whether a name fits a pattern of which {@code *} stands for any number of characters. */
    private static boolean wild(String pattern, String name) {
        return SigmaString.names(pattern).test(name);
    }

    private @Nullable Token peek() {
        return next < tokens.size() ? tokens.get(next) : null;
    }

    private boolean accept(String keyword) {
        Token token = peek();
        boolean accepted = token != null && token.is(keyword);
        if (accepted) {
            next++;
        }
        return accepted;
    }

    private Refusal refusal(Token token, String message) {
        return Refusal.at(node, token.offset, message);
    }
}
