package io.kordon.evidence.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern for paths: {@code *} and {@code ?} within a name, {@code **} across names ({@code /**}{@code /} also for no folder
 * at all), {@code [a-z]} and {@code [!a-z]}, {@code \} before a character that is meant as it is. Takes time in proportion to
 * pattern times path, whatever they are: paths are an attacker's.
 */
final class Glob {
    private static final int MOST_CHARACTERS = 512;

    private final List<Token> tokens;

    private enum Kind {
        ONE,
        STAR,
        DEEP,
        FOLDERS
    }

    /** One element; {@code ONE} takes a character that is in {@code set}, or is not if {@code negated}. */
    private record Token(Kind kind, BitSet set, boolean negated) {
        boolean takes(char c) {
            return set.get(c) != negated;
        }
    }

    private Glob(List<Token> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Glob parse(String pattern) {
        if (pattern.isEmpty() || pattern.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("a pattern must have 1 to " + MOST_CHARACTERS + " characters");
        }
        List<Token> tokens = new ArrayList<>();
        int i = 0;
        while (i < pattern.length()) {
            char c = pattern.charAt(i);
            if (pattern.startsWith("**/", i) && (i == 0 || pattern.charAt(i - 1) == '/')) {
                tokens.add(new Token(Kind.FOLDERS, new BitSet(), true));
                i += 3;
            } else if (pattern.startsWith("**", i)) {
                tokens.add(new Token(Kind.DEEP, new BitSet(), true));
                i += 2;
            } else if (c == '*') {
                tokens.add(new Token(Kind.STAR, set('/'), true));
                i++;
            } else if (c == '?') {
                tokens.add(new Token(Kind.ONE, set('/'), true));
                i++;
            } else if (c == '[') {
                int end = pattern.indexOf(
                        ']', pattern.startsWith("[!]", i) || pattern.startsWith("[]", i) ? i + 3 : i + 1);
                if (end < 0) {
                    throw new IllegalArgumentException("'[' at character " + (i + 1) + " has no ']'");
                }
                tokens.add(range(pattern.substring(i + 1, end), i + 1));
                i = end + 1;
            } else {
                if (c == '\\' && ++i == pattern.length()) {
                    throw new IllegalArgumentException("it ends with '\\', which stands before a character");
                }
                tokens.add(new Token(Kind.ONE, set(pattern.charAt(i)), false));
                i++;
            }
        }
        return new Glob(tokens);
    }

    private static BitSet set(char c) {
        BitSet set = new BitSet();
        set.set(c);
        return set;
    }

    private static Token range(String inside, int at) {
        boolean negated = inside.startsWith("!");
        String members = negated ? inside.substring(1) : inside;
        BitSet set = new BitSet();
        for (int i = 0; i < members.length(); i++) {
            char from = members.charAt(i);
            if (i + 2 < members.length() && members.charAt(i + 1) == '-') {
                char to = members.charAt(i + 2);
                if (to < from) {
                    throw new IllegalArgumentException("the range at character " + at + " ends before it begins");
                }
                set.set(from, to + 1);
                i += 2;
            } else {
                set.set(from);
            }
        }
        if (negated) {
            set.set('/');
        } else {
            set.clear('/');
        }
        return new Token(Kind.ONE, set, negated);
    }

    /** Whether all of {@code path} is meant. */
    boolean matches(String path) {
        // Positions in the pattern that can be reached; `within` those of FOLDERS that have taken part of a folder's
        // name.
        boolean[] at = new boolean[tokens.size() + 1];
        boolean[] within = new boolean[tokens.size() + 1];
        at[0] = true;
        skip(at);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean[] next = new boolean[at.length];
            boolean[] nextWithin = new boolean[at.length];
            for (int t = 0; t < tokens.size(); t++) {
                Token token = tokens.get(t);
                switch (token.kind()) {
                    case ONE -> next[t + 1] |= at[t] && token.takes(c);
                    case STAR, DEEP -> next[t] |= at[t] && token.takes(c);
                    case FOLDERS -> {
                        nextWithin[t] |= at[t] || within[t];
                        next[t + 1] |= (at[t] || within[t]) && c == '/';
                    }
                }
            }
            skip(next);
            at = next;
            within = nextWithin;
        }
        return at[tokens.size()];
    }

    /** Adds what is reached without taking a character. */
    private void skip(boolean[] at) {
        for (int t = 0; t < tokens.size(); t++) {
            at[t + 1] |= at[t] && tokens.get(t).kind() != Kind.ONE;
        }
    }

    @Override
    public String toString() {
        return "Glob" + Arrays.toString(tokens.toArray());
    }
}
