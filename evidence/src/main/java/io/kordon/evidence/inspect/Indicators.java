package io.kordon.evidence.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody looks for: SHA-256 of contents, patterns of paths and of file names. Written as a text, one a line:
 *
 * <pre>
 * # a comment
 * 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08  xmrig-6.21
 * path: /tmp/&#42;&#42;/xmrig*
 * name: kdevtmpfsi
 * </pre>
 */
public final class Indicators {
    public static final Indicators NONE = new Indicators(Map.of(), List.of());

    /** Largest text that is read. */
    public static final int MOST_BYTES = 32 << 20;

    private static final int MOST_PATTERNS = 2_000;
    private static final int MOST_PROBLEMS = 20;
    private static final int MOST_NAME = 256;
    private static final Pattern HASH = Pattern.compile("\\\\?([0-9A-Fa-f]{64})(?: [ *](.+))?");
    private static final Pattern RULE = Pattern.compile("(path|name):\\s*(\\S.*)");

    private final Map<String, String> hashes;
    private final List<Rule> rules;

    /** A pattern, for all of a path or for its last name. */
    private record Rule(String text, Glob glob, boolean name) {}

    /**
     * What something matched.
     *
     * @param indicator its name, or the line of a pattern
     * @param content whether by content, which no other file has, or only by where it lies and what it is called
     */
    public record Match(String indicator, boolean content) {}

    private Indicators(Map<String, String> hashes, List<Rule> rules) {
        this.hashes = hashes;
        this.rules = rules;
    }

    /**
     * Reads a list. Strict: a line that is not understood would be an indicator that nobody looks for.
     *
     * @param source what errors call it, as the file's name
     * @throws IllegalArgumentException with every line that is wrong, up to a bound
     */
    public static Indicators parse(String source, String text) {
        Map<String, String> hashes = new LinkedHashMap<>();
        List<Rule> rules = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length && problems.size() < MOST_PROBLEMS; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                read(line, hashes, rules);
            } catch (IllegalArgumentException e) {
                problems.add(source + ":" + (i + 1) + ": " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        return new Indicators(hashes, List.copyOf(rules));
    }

    private static void read(String line, Map<String, String> hashes, List<Rule> rules) {
        if (line.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("there is a control character in the line");
        }
        Matcher hash = HASH.matcher(line);
        Matcher rule = RULE.matcher(line);
        if (hash.matches()) {
            String digest = hash.group(1).toLowerCase(Locale.ROOT);
            String name = hash.group(2) == null ? digest : hash.group(2).strip();
            if (name.length() > MOST_NAME) {
                throw new IllegalArgumentException("the name has more than " + MOST_NAME + " characters");
            }
            hashes.putIfAbsent(digest, name);
        } else if (rule.matches()) {
            boolean name = rule.group(1).equals("name");
            String pattern = rule.group(2);
            if (name == pattern.contains("/") || (!name && !pattern.startsWith("/") && !pattern.startsWith("**"))) {
                throw new IllegalArgumentException(
                        name
                                ? "a name has no '/': use path:"
                                : "a path begins with '/' or '**': use name: for names in any folder");
            }
            if (rules.size() == MOST_PATTERNS) {
                throw new IllegalArgumentException("there are more than " + MOST_PATTERNS + " patterns");
            }
            rules.add(new Rule(line, Glob.parse(pattern), name));
        } else {
            throw new IllegalArgumentException(
                    "neither a SHA-256 (64 hexadecimal digits, two blanks, a name) nor path: PATTERN nor name:"
                            + " PATTERN");
        }
    }

    /** How many there are. */
    public int size() {
        return hashes.size() + rules.size();
    }

    /**
     * What a file matches.
     *
     * @param path with {@code /} in front, as the container sees it
     * @param sha256 of its content; null if unknown
     */
    List<Match> of(String path, @Nullable String sha256) {
        List<Match> matches = new ArrayList<>();
        String known = sha256 == null ? null : hashes.get(sha256);
        if (known != null) {
            matches.add(new Match(known, true));
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        for (Rule rule : rules) {
            if (rule.glob().matches(rule.name() ? last : path)) {
                matches.add(new Match(rule.text(), false));
            }
        }
        return matches;
    }
}
