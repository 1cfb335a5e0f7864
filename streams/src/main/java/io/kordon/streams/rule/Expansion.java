package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * What values of one rule unfold to, within a bound. The modifier {@code expand}: {@code %name%} becomes each of the values
 * that stand for it, several placeholders in one value become all combinations; {@code \%} is a percent sign. And
 * {@code windash} before an encoding, which has to know each character.
 */
final class Expansion {
    /** How many texts one value may become. Placeholders multiply, so without a bound a short rule would fill memory. */
    static final int MOST = 1_000;

    /** Characters of all texts of one rule together. */
    static final int MOST_CHARACTERS = 1 << 20;

    /** As pySigma has it; each makes five values of one. */
    static final int MOST_DASHES = 3;

    private final Placeholders placeholders;
    private long characters;

    /** For the values of one rule. */
    Expansion(Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    static boolean isName(int c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    /** The texts that a value stands for. */
    List<String> of(ScalarNode node) {
        String text = node.getValue();
        List<String> forms = List.of("");
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = c == '%' ? end(text, at) : -1;
            if (c == '\\' && at + 1 < text.length() && "\\%".indexOf(text.charAt(at + 1)) >= 0) {
                plain.append(text.charAt(at + 1) == '%' ? "%" : "\\\\");
                at += 2;
            } else if (end > 0) {
                String name = text.substring(at + 1, end);
                List<String> values = placeholders.values().get(name);
                if (values == null) {
                    throw Refusal.at(node, at, "the placeholder '%" + name + "%' has no values here");
                }
                forms = joined(node, joined(node, forms, List.of(plain.toString())), values);
                plain.setLength(0);
                at = end + 1;
            } else {
                plain.append(c);
                at++;
            }
        }
        List<String> all = joined(node, forms, List.of(plain.toString()));
        characters += all.stream().mapToLong(String::length).sum() + all.size();
        if (characters > MOST_CHARACTERS) {
            throw excess(node);
        }
        return all;
    }

    /** The values to encode for one with {@code windash}, whose dashes may each be any of five. */
    List<SigmaString> spelled(Node node, SigmaString value) {
        if (value.dashes() == 0) {
            return List.of(value);
        }
        if (value.dashes() > MOST_DASHES) {
            throw Refusal.at(node, "windash before an encoding takes at most " + MOST_DASHES + " dashes in a value");
        }
        List<SigmaString> all = value.spelled();
        characters += (long) all.size() * (value.length() + 1);
        if (characters > MOST_CHARACTERS) {
            throw Refusal.at(
                    node, "windash before encodings makes more than " + MOST_CHARACTERS + " characters of this rule");
        }
        return all;
    }

    /** The index of the percent sign that closes a placeholder, or -1. */
    private static int end(String text, int start) {
        int at = start + 1;
        while (at < text.length() && isName(text.charAt(at))) {
            at++;
        }
        return at < text.length() && at > start + 1 && text.charAt(at) == '%' ? at : -1;
    }

    private static List<String> joined(ScalarNode node, List<String> heads, List<String> tails) {
        if ((long) heads.size() * tails.size() > MOST) {
            throw Refusal.at(node, "the placeholders make more than " + MOST + " values of this one");
        }
        List<String> joined = new ArrayList<>(heads.size() * tails.size());
        long length = 0;
        for (String head : heads) {
            for (String tail : tails) {
                length += head.length() + tail.length();
                if (length > MOST_CHARACTERS) {
                    throw excess(node);
                }
                joined.add(head + tail);
            }
        }
        return joined;
    }

    private static Refusal excess(ScalarNode node) {
        return Refusal.at(node, "the placeholders make more than " + MOST_CHARACTERS + " characters of this rule");
    }
}
