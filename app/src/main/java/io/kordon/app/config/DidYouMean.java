package io.kordon.app.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds the name that a mistyped one was meant to be. */
final class DidYouMean {
    private DidYouMean() {}

    /** {@code ; did you mean X?}, or nothing where no known name is near. */
    static String suffix(String typed, Collection<String> known) {
        int near = Math.max(2, typed.length() / 4);
        return known.stream()
                .sorted()
                .min(Comparator.comparingInt(name -> distance(typed, name)))
                .filter(name -> distance(typed, name) <= near)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** Levenshtein's distance. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(change, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
