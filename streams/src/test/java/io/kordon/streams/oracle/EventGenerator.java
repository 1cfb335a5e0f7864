package io.kordon.streams.oracle;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Events for a rule: some that satisfy searches of it, and near misses of these. Whether one matches is not known here;
 * the oracle says so. Same seed, same events.
 */
public final class EventGenerator {
    private static final List<String> JUNK = List.of(
            "",
            "x",
            "abc",
            " -enc ",
            "C:\\Temp\\",
            "/tmp/",
            "*",
            "?",
            "\\",
            "a*b?c",
            "%TEMP%",
            "1",
            "Ärger",
            "é",
            "☃",
            "line\nbreak",
            "'\"",
            "$(id)");

    private final Random random;
    private final RegexSample regexes;

    public EventGenerator(long seed) {
        random = new Random(seed);
        regexes = new RegexSample(random);
    }

    /** Up to {@code most} events, the likely matches first, each after it with its near misses. */
    public List<Map<String, Object>> events(OracleRule rule, int most) {
        List<Map<String, Object>> events = new ArrayList<>();
        int seeds = 0;
        int misses = 0;
        for (int attempt = 0; attempt < 48 && (seeds < 3 || misses < 2); attempt++) {
            Map<String, Object> flat = new LinkedHashMap<>();
            for (Map.Entry<String, Object> search : rule.searches().entrySet()) {
                if (wanted(rule, search.getKey(), attempt)) {
                    satisfy(search.getValue(), flat);
                }
            }
            Map<String, Object> event = nested(flat);
            boolean matches = rule.matches(event);
            if (matches && seeds < 3) {
                seeds++;
                events.add(event);
                for (int i = 0; i < (most - 3) / 3 - 1; i++) {
                    events.add(nested(mutated(flat)));
                }
            } else if (!matches && misses < 2) {
                misses++;
                events.add(event);
            }
        }
        events.add(new LinkedHashMap<>(Map.of("unrelated", pick(JUNK))));
        return events.size() > most ? events.subList(0, most) : events;
    }

    /** First what no {@code not} speaks of, then what no name calls a filter, then whatever comes. */
    private boolean wanted(OracleRule rule, String name, int attempt) {
        String condition = String.join(" or ", rule.conditions());
        return switch (attempt) {
            case 0 ->
                !condition.matches("(?s).*\\bnot\\b[^)]*\\b" + name.replaceAll("[^A-Za-z0-9]", ".") + "\\b.*")
                        && !(condition.contains("not 1 of") && name.startsWith("filter"));
            case 1 -> !name.startsWith("filter");
            default -> random.nextBoolean();
        };
    }

    private void satisfy(Object search, Map<String, Object> flat) {
        if (search instanceof List<?> list) {
            satisfy(list.get(random.nextInt(list.size())), flat);
        } else if (search instanceof Map<?, ?> map) {
            map.forEach((key, value) -> satisfy(String.valueOf(key), value, flat));
        } else {
            satisfy("", search, flat);
        }
    }

    private void satisfy(String key, Object value, Map<String, Object> flat) {
        List<String> modifiers = List.of(key.split("\\|", -1));
        String field = modifiers.get(0).isEmpty() ? "message" : modifiers.get(0);
        List<?> values = value instanceof List<?> list ? list : Arrays.asList(value);
        if (modifiers.contains("all")) {
            List<Object> all = new ArrayList<>();
            values.forEach(one -> all.add(satisfying(one, modifiers)));
            boolean text = all.stream().allMatch(String.class::isInstance) && random.nextBoolean();
            flat.put(
                    field,
                    text ? String.join(" ", all.stream().map(String::valueOf).toList()) : all);
            return;
        }
        Object one = values.get(random.nextInt(values.size()));
        if (modifiers.contains("exists")) {
            if (Boolean.TRUE.equals(one)) {
                flat.put(field, random.nextBoolean() ? pick(JUNK) : null);
            }
        } else if (one == null) {
            if (random.nextBoolean()) {
                flat.put(field, null);
            }
        } else if (modifiers.contains("fieldref")) {
            String same = "same" + random.nextInt(10);
            flat.put(field, modifiers.contains("neq") ? same + "x" : same);
            flat.put(String.valueOf(one), same.toUpperCase(Locale.ROOT));
        } else if (modifiers.contains("neq")) {
            flat.put(field, "other" + random.nextInt(10));
        } else {
            flat.put(field, satisfying(one, modifiers));
        }
    }

    private Object satisfying(Object value, List<String> modifiers) {
        String text = OracleItem.text(value);
        if (modifiers.contains("cidr")) {
            return address(text);
        }
        for (String time : List.of("minute", "hour", "day", "week", "month", "year")) {
            if (modifiers.contains(time)) {
                return date();
            }
        }
        for (String comparison : List.of("lt", "lte", "gt", "gte")) {
            if (modifiers.contains(comparison)) {
                long near = (long) Double.parseDouble(text) + random.nextInt(5) - 2;
                return random.nextBoolean() ? (Object) near : (Object) (near + 0.5);
            }
        }
        if (modifiers.contains("re")) {
            return regexes.sample(text);
        }
        if (value instanceof Number || value instanceof Boolean) {
            return random.nextInt(3) == 0 ? text : value;
        }
        String plain = modifiers.contains("base64") || modifiers.contains("base64offset") ? text : filled(text);
        if (modifiers.contains("windash")) {
            plain = plain.replaceFirst("-", pick(List.of("-", "/", "\u2013", "\u2014", "\u2015")));
        }
        plain = encoded(plain, modifiers);
        if (modifiers.contains("contains") || modifiers.get(0).isEmpty()) {
            return pick(JUNK) + plain + pick(JUNK);
        }
        return modifiers.contains("endswith")
                ? pick(JUNK) + plain
                : modifiers.contains("startswith") ? plain + pick(JUNK) : plain;
    }

    private String encoded(String plain, List<String> modifiers) {
        Charset charset = modifiers.contains("wide") || modifiers.contains("utf16le") || modifiers.contains("utf16")
                ? StandardCharsets.UTF_16LE
                : modifiers.contains("utf16be") ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
        if (modifiers.contains("base64offset")) {
            // A byte sequence somewhere in a longer one, at any of the three shifts.
            byte[] value = plain.getBytes(charset);
            byte[] longer = new byte[value.length + 5];
            System.arraycopy(value, 0, longer, random.nextInt(3), value.length);
            return Base64.getEncoder().encodeToString(longer);
        }
        if (modifiers.contains("base64")) {
            String text = modifiers.contains("utf16") ? "\uFEFF" + plain : plain;
            return Base64.getEncoder().encodeToString(text.getBytes(charset));
        }
        return plain;
    }

    /** The text with its wildcards filled in. */
    private String filled(String value) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length() && "\\*?".indexOf(value.charAt(i + 1)) >= 0) {
                text.append(value.charAt(++i));
            } else if (c == '*') {
                text.append(pick(JUNK));
            } else {
                text.append(c == '?' ? "q" : String.valueOf(c));
            }
        }
        return text.toString();
    }

    private String address(String network) {
        String base = network.split("/", -1)[0];
        if (base.contains(":") || random.nextInt(4) == 0) {
            return base;
        }
        String[] octets = base.split("\\.", -1);
        int changed = 1 + random.nextInt(3);
        octets[changed] = String.valueOf(random.nextInt(256));
        return String.join(".", octets);
    }

    private String date() {
        return String.format(
                Locale.ROOT,
                "%d-%02d-%02dT%02d:%02d:%02dZ",
                2020 + random.nextInt(7),
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60));
    }

    private Map<String, Object> mutated(Map<String, Object> flat) {
        Map<String, Object> event = new LinkedHashMap<>(flat);
        if (event.isEmpty()) {
            return event;
        }
        String field = pick(List.copyOf(event.keySet()));
        Object value = event.get(field);
        String text = value == null ? "" : OracleItem.text(value instanceof List<?> list ? list.get(0) : value);
        // A number in place of a date may be one to the engine: seconds since 1970.
        int kinds = field.equals("timestamp") ? 10 : 14;
        switch (random.nextInt(kinds)) {
            case 0 -> event.remove(field);
            case 1 -> event.put(field, null);
            case 2 -> event.put(field, "");
            case 3 -> event.put(field, text.toUpperCase(Locale.ROOT));
            case 4 -> event.put(field, text.toLowerCase(Locale.ROOT));
            case 5 -> event.put(field, pick(JUNK) + text);
            case 6 -> event.put(field, text + pick(JUNK));
            case 7 -> event.put(field, text.isEmpty() ? "x" : text.substring(1));
            case 8 -> event.put(field, text.isEmpty() ? "y" : text.substring(0, text.length() - 1));
            case 9 -> event.put(field, new ArrayList<>(List.of(pick(JUNK) + "no", text)));
            case 10 -> event.put(field, text.matches("[0-9]{1,9}") ? (Object) Long.parseLong(text) : "wrong");
            case 11 ->
                event.put(
                        field,
                        text.replace('-', pick(List.of("/", "\u2013", "_")).charAt(0)));
            case 12 -> event.put(field, random.nextBoolean() ? random.nextInt(10) : random.nextBoolean());
            default -> event.put(field, text.isEmpty() ? "*" : swapped(text));
        }
        return event;
    }

    private String swapped(String text) {
        int at = random.nextInt(text.length());
        return text.substring(0, at) + pick(List.of("*", "?", "\\", "Z")) + text.substring(at + 1);
    }

    /** Dotted names become paths half of the time. */
    private Map<String, Object> nested(Map<String, Object> flat) {
        Map<String, Object> event = new LinkedHashMap<>();
        boolean nest = random.nextBoolean();
        flat.forEach((name, value) -> {
            if (!nest || !put(event, name, value)) {
                event.put(name, value);
            }
        });
        return event;
    }

    @SuppressWarnings("unchecked")
    private static boolean put(Map<String, Object> event, String path, Object value) {
        Map<String, Object> at = event;
        int from = 0;
        for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', from)) {
            Object below = at.computeIfAbsent(path.substring(from, dot), key -> new LinkedHashMap<String, Object>());
            if (!(below instanceof Map)) {
                return false;
            }
            at = (Map<String, Object>) below;
            from = dot + 1;
        }
        at.put(path.substring(from), value);
        return true;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
