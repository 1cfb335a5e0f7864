package io.kordon.app.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.common.MapBackedConfigSource;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * What was set, merged: flags before the environment before folders of secrets before the file before defaults. Checked as a
 * whole.
 */
public final class Settings {
    private static final int FILE = 100;
    private static final int SECRETS = 150;
    private static final int ENVIRONMENT = 200;
    private static final int FLAGS = 300;

    /** What an address has before its host. */
    private static final Pattern USER_INFO = Pattern.compile("://[^@,\\s]*@");

    /** Sections that go to client libraries as they are. */
    static final List<String> PASS_THROUGH = List.of("kafka.", "registry.");

    private final SmallRyeConfig config;
    private final Map<Setting<?>, Object> values;

    private Settings(SmallRyeConfig config, Map<Setting<?>, Object> values) {
        this.config = config;
        this.values = values;
    }

    /** As below, with the folders of secrets that the environment names. */
    public static Settings load(@Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
        return load(file, List.of(), environment, flags);
    }

    /**
     * Merges and checks.
     *
     * @param file YAML, or null for none
     * @param secrets folders that hold a file for each setting; empty for those that {@code KORDON_SECRETS} names
     * @param environment all variables; those of Kordon begin with {@code KORDON_}
     * @param flags keys and values of the command line
     * @throws SettingsException with everything that is wrong
     */
    public static Settings load(
            @Nullable Path file, List<Path> secrets, Map<String, String> environment, Map<String, String> flags) {
        List<String> problems = new ArrayList<>();
        List<ConfigSource> sources = new ArrayList<>(List.of(
                new Source("the command line", flags, FLAGS),
                new Source("the environment", Environment.settings(environment, problems), ENVIRONMENT),
                new Source("file " + file, read(file, problems), FILE)));
        SecretFolders.read(secrets.isEmpty() ? SecretFolders.named(environment) : secrets, problems)
                .forEach((folder, values) -> sources.add(new Source(SecretFolders.origin(folder), values, SECRETS)));
        SmallRyeConfig config = new SmallRyeConfigBuilder().withSources(sources).build();
        checkNames(config, problems);
        Map<Setting<?>, Object> values = new LinkedHashMap<>();
        for (Setting<?> setting : KordonSettings.ALL) {
            parse(config, setting, problems).ifPresent(value -> values.put(setting, value));
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new Settings(config, values);
    }

    /** The value: what was set, else its default. */
    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        Object value = values.get(setting);
        if (value == null) {
            throw new IllegalArgumentException(setting.key() + " is not in the catalogue of settings");
        }
        return (T) value;
    }

    /** Client properties: {@code kafka.bootstrap.servers} gives {@code bootstrap.servers}. */
    public Map<String, Object> section(String prefix) {
        Map<String, Object> section = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            if (plain(name).startsWith(prefix + ".")) {
                section.put(plain(name).substring(prefix.length() + 1), text(config, name));
            }
        }
        return section;
    }

    /** Demands values for keys that have no default, all at once. */
    public void require(Setting<?>... settings) {
        List<String> problems = new ArrayList<>();
        for (Setting<?> setting : settings) {
            if (text(config, setting.key()).isEmpty() && setting.fallback().isEmpty()) {
                problems.add(setting.key() + " is not set: give --set " + setting.key() + "=…, " + setting.variable()
                        + " in the environment, or the key in the file. " + setting.help());
            }
        }
        if (section("kafka").get("bootstrap.servers") == null) {
            problems.add(
                    "kafka.bootstrap.servers is not set: give --kafka HOST:PORT, KORDON_KAFKA_BOOTSTRAP_SERVERS in the"
                            + " environment, or the key in the file");
        }
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    /** One line per setting: key, value and where it came from. Secrets are hidden, and so is what may hold one. */
    public List<String> describe() {
        Map<String, String> lines = new TreeMap<>();
        for (Setting<?> setting : KordonSettings.ALL) {
            ConfigValue value = config.getConfigValue(setting.key());
            boolean set = value.getValue() != null;
            lines.put(
                    setting.key(),
                    set
                            ? shown(value, setting.secret()) + "  # " + value.getConfigSourceName()
                            : setting.fallback() + "  # default");
        }
        for (String name : config.getPropertyNames()) {
            if (PASS_THROUGH.stream().anyMatch(plain(name)::startsWith)) {
                ConfigValue value = config.getConfigValue(name);
                lines.put(plain(name), shown(value, SecretNames.matches(name)) + "  # " + value.getConfigSourceName());
            }
        }
        return lines.entrySet().stream()
                .map(line -> line.getKey() + ": " + line.getValue())
                .toList();
    }

    /** Nothing of what lies in a folder of secrets is shown, whatever it is called. */
    private static String shown(ConfigValue value, boolean secret) {
        String text = value.getValue() == null ? "" : value.getValue();
        return !text.isEmpty() && (secret || isOfSecrets(value)) ? "***" : withoutUserInfo(text);
    }

    private static String withoutUserInfo(String text) {
        return USER_INFO.matcher(text).replaceAll("://***@");
    }

    private static boolean isOfSecrets(ConfigValue value) {
        return value.getConfigSourceOrdinal() == SECRETS;
    }

    /** Values from one place, whose name is what a reader is told. */
    private static final class Source extends MapBackedConfigSource {
        Source(String name, Map<String, String> values, int ordinal) {
            super(name, values, ordinal);
        }
    }

    private static Map<String, String> read(@Nullable Path file, List<String> problems) {
        if (file == null) {
            return Map.of();
        }
        Map<String, String> values = new HashMap<>();
        try {
            YamlConfigSource yaml = new YamlConfigSource("file " + file, Files.readString(file), FILE);
            yaml.getProperties().forEach((name, value) -> values.put(plain(name), value));
        } catch (IOException e) {
            problems.add("cannot read the file " + file + ": " + e);
        } catch (RuntimeException e) {
            problems.add("the file " + file + " is not YAML with keys and values" + place(e));
        }
        // A YAML list comes as one entry an item and, for the key itself, all of them joined by commas.
        values.keySet().removeIf(name -> name.matches(".*\\[[0-9]+]"));
        return values;
    }

    /** Where a parser stopped, and not what it read there: its messages quote the line, which may hold a password. */
    private static String place(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
                return ": line " + (marked.getProblemMark().getLine() + 1) + ", column "
                        + (marked.getProblemMark().getColumn() + 1)
                        + " cannot be read. Values with a colon, a # or a sign at their beginning need quotes";
            }
        }
        return "";
    }

    private static void checkNames(SmallRyeConfig config, List<String> problems) {
        List<String> known = KordonSettings.ALL.stream().map(Setting::key).toList();
        for (String name : config.getPropertyNames()) {
            if (!known.contains(name) && PASS_THROUGH.stream().noneMatch(name::startsWith)) {
                problems.add(name + " (from " + config.getConfigValue(name).getConfigSourceName() + ") is not a setting"
                        + DidYouMean.suffix(name, known));
            }
        }
    }

    private static <T> Optional<T> parse(SmallRyeConfig config, Setting<T> setting, List<String> problems) {
        ConfigValue value = config.getConfigValue(setting.key());
        String text = value.getValue() == null ? setting.fallback() : value.getValue();
        try {
            // A space may belong to a password.
            return Optional.of(setting.parser().apply(setting.secret() ? text : text.strip()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(
                    isOfSecrets(value)
                            ? setting.key() + " (from " + value.getConfigSourceName()
                                    + ") cannot be used, and is not shown: " + setting.help()
                            : setting.key() + " is '" + withoutUserInfo(setting.shown(text.strip())) + "' (from "
                                    + value.getConfigSourceName() + "): " + e.getMessage());
            return Optional.empty();
        }
    }

    private static String text(SmallRyeConfig config, String name) {
        String value = config.getConfigValue(name).getValue();
        return value == null ? "" : value;
    }

    /** SmallRye quotes the parts of YAML keys that hold dots; Kafka's keys do. */
    private static String plain(String name) {
        return name.replace("\"", "");
    }
}
