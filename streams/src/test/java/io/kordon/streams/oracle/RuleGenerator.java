package io.kordon.streams.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rules at random over the whole grammar of detections, in the shapes that public rule sets use and in those that they
 * avoid. Left out is only where the specification leaves the result open (RATIONALE.md lists that).
 */
public final class RuleGenerator {
    private static final List<String> FIELDS = List.of(
            "Image",
            "CommandLine",
            "objectRef.resource",
            "objectRef.subresource",
            "user.username",
            "proc.name",
            "requestURI",
            "EventID",
            "field with space",
            "a-b_c",
            "cs-uri-query",
            "proc.aname[2]",
            "größe");

    private static final List<String> PARTS = List.of(
            "cmd.exe",
            "\\",
            "C:\\Windows\\",
            "*",
            "?",
            "\\*",
            "\\?",
            "\\\\",
            "\\\\*",
            " -enc ",
            " /c ",
            "it''s",
            "%TEMP%",
            "(x)",
            "[a]",
            "{b}",
            ".",
            "^",
            "$",
            "+",
            "|",
            "ÄÖ",
            "é",
            "#",
            ": ",
            "&&",
            "\"q\"",
            "a",
            "B",
            "42",
            "curl",
            "☃");

    private static final List<String> REGEXES = List.of(
            "cu?rl",
            "^/bin/(ba|da|z)?sh$",
            "[0-9]{1,3}\\.[0-9]+",
            "a.*b",
            "\\d+\\s?kB",
            "(foo|bar)+baz",
            "[^a-z]x",
            "^$",
            "\\\\Temp\\\\",
            "x{2,3}",
            "\\w+\\.exe$",
            "(?:one|two) three",
            "a|b|^c",
            "\\|\\|",
            "[\\w.-]+@x",
            "\\$\\{jndi:");

    private static final List<String> NETWORKS = List.of(
            "10.0.0.0/8",
            "192.168.1.0/24",
            "172.16.0.0/12",
            "127.0.0.1/32",
            "0.0.0.0/0",
            "fe80::/10",
            "2001:db8::/32",
            "::1/128",
            "10.1.2.128/25");

    private static final List<String> SHAPES = List.of(
            "",
            "|contains",
            "|startswith",
            "|endswith",
            "|cased",
            "|contains|cased",
            "|endswith|cased",
            "|startswith|cased",
            "|neq",
            "|contains|windash",
            "|windash|contains");

    private static final List<String> ENCODINGS = List.of(
            "|base64",
            "|base64|contains",
            "|base64offset|contains",
            "|wide|base64offset|contains",
            "|utf16le|base64|contains",
            "|utf16be|base64|contains",
            "|utf16|base64",
            "|utf16|base64offset|contains",
            "|windash|wide|base64offset|contains",
            "|windash|base64");

    private final Random random;

    public RuleGenerator(long seed) {
        random = new Random(seed);
    }

    /** The text of a rule; the number goes into its title and id. */
    public String rule(int number) {
        List<String> names = names();
        StringBuilder yaml = new StringBuilder()
                .append("title: Generated ")
                .append(number)
                .append("\nid: 00000000-0000-4000-8000-")
                .append("%012d".formatted(number))
                .append("\nstatus: test\nlogsource:\n    product: falco\ndetection:\n");
        for (String name : names) {
            yaml.append("    ").append(name).append(':');
            if (name.startsWith("keywords")) {
                yaml.append(keywords());
            } else if (random.nextInt(5) == 0) {
                int maps = 1 + random.nextInt(3);
                for (int i = 0; i < maps; i++) {
                    yaml.append(items("\n        - ", "\n          "));
                }
            } else {
                yaml.append(items("\n        ", "\n        "));
            }
            yaml.append('\n');
        }
        return yaml.append("    condition: ")
                .append(conditions(names))
                .append("\nlevel: low\n")
                .toString();
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of("selection"));
        for (String name : List.of(
                "selection_img",
                "selection_cli",
                "sel-2",
                "keywords",
                "keywords_more",
                "filter_main_a",
                "filter_main_b",
                "filter_optional_c",
                "_hidden")) {
            if (random.nextInt(3) == 0) {
                names.add(name);
            }
        }
        return names;
    }

    private String keywords() {
        boolean all = random.nextInt(3) == 0;
        StringBuilder list = new StringBuilder(all ? "\n        '|all':" : "");
        int count = (all ? 2 : 1) + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            list.append(all ? "\n            - " : "\n        - ").append(quoted(text()));
        }
        return list.toString();
    }

    private String items(String first, String next) {
        StringBuilder items = new StringBuilder();
        List<String> keys = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String item = item();
            String key = item.substring(0, item.indexOf("':"));
            if (!keys.contains(key)) {
                items.append(keys.isEmpty() ? first : next).append(item);
                keys.add(key);
            }
        }
        return items.toString();
    }

    private String item() {
        String field = pick(FIELDS);
        return switch (random.nextInt(20)) {
            case 0 -> key(field, "|exists") + random.nextBoolean();
            case 1 -> key(field, "") + "null";
            case 2 -> key(field, "") + "''";
            case 3 -> key(field, "") + random.nextBoolean();
            case 4, 5 -> key(field, "") + (random.nextBoolean() ? "4688" : "[4624, 4625, '5140']");
            case 6 -> key(field, pick(List.of("|lt", "|lte", "|gt", "|gte"))) + (random.nextBoolean() ? "100" : "7.5");
            case 7, 8 -> key(field, pick(List.of("|re", "|re|i", "|re|m", "|re|s", "|re|i|m|s"))) + some(REGEXES);
            case 9 -> key(field, "|cidr") + some(NETWORKS);
            case 10 -> key(field, random.nextBoolean() ? "|fieldref" : "|fieldref|neq") + "'other.field'";
            case 11 -> key(field, pick(ENCODINGS)) + some(List.of("whoami", "IEX (New", "ping -n", "é", "ab", "abcd"));
            case 12 -> key(field, "|contains|all") + list(2 + random.nextInt(2));
            case 13 -> time();
            case 14 -> key(field, pick(List.of("|endswith|all", "|startswith|all"))) + list(2);
            default -> key(field, pick(SHAPES)) + (random.nextBoolean() ? quoted(text()) : list(1 + random.nextInt(4)));
        };
    }

    /** On a field of its own, since a number there may be a date to the engine and is none to the specification. */
    private String time() {
        return random.nextInt(4) == 0
                ? key("timestamp", "|hour" + pick(List.of("|lt", "|lte", "|gt", "|gte"))) + "12"
                : key("timestamp", pick(List.of("|minute", "|hour", "|day", "|week", "|month")))
                        + pick(List.of("1", "5", "12", "[1, 2, 3]"));
    }

    private static String key(String field, String modifiers) {
        return "'" + field + modifiers + "': ";
    }

    private String some(List<String> values) {
        return random.nextInt(3) > 0 ? "'" + pick(values) + "'" : "['" + pick(values) + "', '" + pick(values) + "']";
    }

    private String list(int count) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < count; i++) {
            list.append(i == 0 ? "[" : ", ").append(quoted(text()));
        }
        return list.append(']').toString();
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            text.append(pick(PARTS));
        }
        return text.toString();
    }

    private String conditions(List<String> names) {
        return random.nextInt(12) == 0
                ? "[" + quoted(condition(names, 2)) + ", " + quoted(condition(names, 1)) + "]"
                : condition(names, 2);
    }

    private String condition(List<String> names, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return switch (random.nextInt(8)) {
                case 0 -> "1 of them";
                case 1 -> "all of them";
                case 2 -> "1 of sel*";
                case 3 -> "all of selection*";
                case 4 -> "1 of *e*";
                default -> pick(names);
            };
        }
        String left = condition(names, depth - 1);
        String right = condition(names, depth - 1);
        return switch (random.nextInt(7)) {
            case 0, 1 -> left + " and " + right;
            case 2 -> left + " or " + right;
            case 3 -> left + " and not " + pick(names);
            case 4 -> "(" + left + " or " + right + ")";
            case 5 -> "not (" + left + ")";
            default ->
                names.stream().anyMatch(name -> name.startsWith("filter")) ? left + " and not 1 of filter*" : left;
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
