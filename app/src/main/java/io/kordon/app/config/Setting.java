package io.kordon.app.config;

import io.kordon.streams.response.Actions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One key that can be set.
 *
 * @param key as {@code kordon.gateway.port}
 * @param fallback text of the default; empty for none
 * @param secret whether its value must never be shown
 * @param help one line for a reader
 * @param parser text to value; throws {@link IllegalArgumentException} saying what is expected
 */
public record Setting<T>(String key, String fallback, boolean secret, String help, Function<String, T> parser) {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})\\s*([A-Za-z]*)");
    private static final Pattern TOPIC =
            Pattern.compile("([a-zA-Z0-9._-]{1,249})(?:\\s*=\\s*([A-Za-z0-9][A-Za-z0-9._-]{0,99}))?");
    private static final Map<String, Long> TIMES =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> SIZES =
            Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);

    static Setting<String> text(String key, String fallback, String help) {
        return new Setting<>(key, fallback, false, help, text -> text);
    }

    static Setting<String> secret(String key, String help) {
        return new Setting<>(key, "", true, help, text -> text);
    }

    /** One of a few words, or nothing where {@code fallback} is. */
    static Setting<String> choice(String key, String fallback, List<String> words, String help) {
        return new Setting<>(key, fallback, false, help, text -> {
            if (!words.contains(text) && !text.equals(fallback)) {
                throw new IllegalArgumentException("one of " + String.join(", ", words) + " is needed");
            }
            return text;
        });
    }

    static Setting<Integer> number(String key, int fallback, int least, int most, String help) {
        return new Setting<>(key, Integer.toString(fallback), false, help, text -> wholeNumber(text, least, most));
    }

    static Setting<Boolean> flag(String key, boolean fallback, String help) {
        return new Setting<>(key, Boolean.toString(fallback), false, help, Setting::trueOrFalse);
    }

    static Setting<Duration> duration(String key, String fallback, String help) {
        return new Setting<>(key, fallback, false, help, Setting::duration);
    }

    static Setting<Long> size(String key, String fallback, String help) {
        return new Setting<>(key, fallback, false, help, Setting::bytes);
    }

    static Setting<List<String>> list(String key, String fallback, String help) {
        return new Setting<>(key, fallback, false, help, Setting::items);
    }

    /** Actions of playbooks; {@code none} for none. */
    static Setting<Set<String>> steps(String key, String fallback, String help) {
        return new Setting<>(key, fallback, false, help, Setting::actions);
    }

    /** Topics, each with the cluster that it speaks of, or with an empty text where none is named. */
    static Setting<Map<String, String>> clusterOfTopic(String key, String help) {
        return new Setting<>(key, "", false, help, Setting::clusters);
    }

    static Setting<List<Path>> paths(String key, String fallback, String help) {
        return new Setting<>(
                key,
                fallback,
                false,
                help,
                text -> items(text).stream().map(Path::of).toList());
    }

    /** Name of the environment variable: {@code KORDON_GATEWAY_PORT}. */
    public String variable() {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** The value for a reader: secrets are {@code ***}. */
    String shown(String value) {
        return secret && !value.isEmpty() ? "***" : value;
    }

    private static int wholeNumber(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, with the range
        }
        throw new IllegalArgumentException("a whole number from " + least + " to " + most + " is needed");
    }

    private static boolean trueOrFalse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("true or false is needed");
        };
    }

    /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 2h}, {@code 7d}. */
    public static Duration duration(String text) {
        try {
            return Duration.ofMillis(amount(text, TIMES));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("a time with its unit is needed, as 500ms, 10s, 5m, 2h or 7d", e);
        }
    }

    private static long bytes(String text) {
        try {
            return amount(text, SIZES);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a size is needed, as 1048576, 512KiB or 16MiB", e);
        }
    }

    private static long amount(String text, Map<String, Long> units) {
        Matcher amount = AMOUNT.matcher(text);
        Long unit = amount.matches() ? units.get(amount.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(text);
        }
        return Math.multiplyExact(Long.parseLong(amount.group(1)), unit);
    }

    private static Map<String, String> clusters(String text) {
        Map<String, String> clusters = new LinkedHashMap<>();
        for (String item : items(text)) {
            Matcher topic = TOPIC.matcher(item);
            if (!topic.matches()) {
                throw new IllegalArgumentException("'" + item + "' is neither TOPIC nor TOPIC=CLUSTER");
            }
            String cluster = topic.group(2) == null ? "" : topic.group(2);
            if (clusters.put(topic.group(1), cluster) != null) {
                throw new IllegalArgumentException("topic " + topic.group(1) + " is named twice");
            }
        }
        return clusters;
    }

    private static Set<String> actions(String text) {
        Set<String> actions = new TreeSet<>(items(text));
        if (actions.equals(Set.of("none"))) {
            return Set.of();
        }
        if (actions.isEmpty() || !Actions.OF_PLAYBOOKS.containsAll(actions)) {
            throw new IllegalArgumentException("'" + text + "' is no list of steps: use some of " + Actions.OF_PLAYBOOKS
                    + ", comma-separated, or none");
        }
        return actions;
    }

    private static List<String> items(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
