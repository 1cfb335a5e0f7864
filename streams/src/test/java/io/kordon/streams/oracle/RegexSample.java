package io.kordon.streams.oracle;

import java.util.Random;

/**
 * A text that a regular expression is likely to find: alternatives, groups, classes and quantifiers are followed, anything
 * else is skipped. A wrong guess only makes another near miss.
 */
final class RegexSample {
    private final Random random;
    private String regex = "";
    private int at;

    RegexSample(Random random) {
        this.random = random;
    }

    String sample(String expression) {
        regex = expression;
        at = 0;
        return alternatives();
    }

    private String alternatives() {
        String chosen = sequence();
        int seen = 1;
        while (at < regex.length() && regex.charAt(at) == '|') {
            at++;
            String other = sequence();
            if (random.nextInt(++seen) == 0) {
                chosen = other;
            }
        }
        return chosen;
    }

    private String sequence() {
        StringBuilder text = new StringBuilder();
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            String atom = atom();
            text.append(atom.repeat(count()));
        }
        return text.toString();
    }

    private String atom() {
        char c = regex.charAt(at++);
        switch (c) {
            case '^', '$' -> {
                return "";
            }
            case '.' -> {
                return "k";
            }
            case '(' -> {
                boolean behind = regex.startsWith("?!", at) || regex.startsWith("?<!", at);
                if (at < regex.length() && regex.charAt(at) == '?') {
                    at += regex.startsWith("?<", at) ? 3 : 2;
                }
                String group = alternatives();
                at++;
                return behind ? "" : group;
            }
            case '[' -> {
                return characterClass();
            }
            case '\\' -> {
                return escaped();
            }
            default -> {
                return String.valueOf(c);
            }
        }
    }

    private String escaped() {
        char c = at < regex.length() ? regex.charAt(at++) : '\\';
        return switch (c) {
            case 'd' -> String.valueOf(random.nextInt(10));
            case 's' -> " ";
            case 'w' -> "w";
            case 'S', 'D', 'W' -> "%";
            case 'b', 'B', 'A', 'z', 'Z' -> "";
            default -> String.valueOf(c);
        };
    }

    private String characterClass() {
        boolean negated = at < regex.length() && regex.charAt(at) == '^';
        int from = negated ? at + 1 : at;
        int end = from + 1;
        while (end < regex.length() && regex.charAt(end) != ']') {
            end += regex.charAt(end) == '\\' ? 2 : 1;
        }
        at = Math.min(end + 1, regex.length());
        if (negated) {
            return "~";
        }
        char first = regex.charAt(Math.min(from, regex.length() - 1));
        return first == '\\' ? classEscape(regex.charAt(from + 1)) : String.valueOf(first);
    }

    private static String classEscape(char c) {
        return c == 'd' ? "7" : c == 's' ? " " : c == 'w' ? "w" : String.valueOf(c);
    }

    private int count() {
        if (at >= regex.length()) {
            return 1;
        }
        int times = 1;
        char c = regex.charAt(at);
        if (c == '*' || c == '+' || c == '?') {
            at++;
            times = c == '+' ? 1 + random.nextInt(2) : random.nextInt(2);
        } else if (c == '{' && regex.indexOf('}', at) > 0) {
            String least = regex.substring(at + 1, regex.indexOf('}', at)).split(",", -1)[0];
            at = regex.indexOf('}', at) + 1;
            times = least.matches("\\d{1,3}") ? Integer.parseInt(least) : 1;
        } else {
            return 1;
        }
        if (at < regex.length() && (regex.charAt(at) == '?' || regex.charAt(at) == '+')) {
            at++;
        }
        return times;
    }
}
