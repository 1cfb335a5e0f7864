package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.PlaceholderFile;
import io.kordon.app.config.Setting;
import io.kordon.app.config.Settings;
import io.kordon.app.config.SettingsException;
import io.kordon.streams.response.Playbook;
import io.kordon.streams.response.PlaybookFiles;
import io.kordon.streams.rule.ParsedRules;
import io.kordon.streams.rule.Placeholders;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleProblem;
import io.kordon.streams.rule.RuleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rules and playbooks from disk. One that cannot be used never stops the others.
 *
 * @param parsed the rules as they were read
 * @param rules those of them that can stand together
 * @param problems what could not be used, with file, line and reason
 */
public record Rulebook(ParsedRules parsed, RuleSet rules, List<Playbook> playbooks, List<RuleProblem> problems) {
    private static final Logger LOG = LoggerFactory.getLogger(Rulebook.class);
    private static final String PLAYBOOKS = "playbooks";

    public Rulebook {
        playbooks = List.copyOf(playbooks);
        problems = List.copyOf(problems);
    }

    /** From the paths that are set, else from {@code rules/} of Kordon's home. */
    static Rulebook load(Settings settings) {
        List<Path> rules = settings.get(KordonSettings.RULES_PATHS);
        List<Path> playbooks = settings.get(KordonSettings.PLAYBOOKS_PATHS);
        List<String> absent = new ArrayList<>(absent(KordonSettings.RULES_PATHS, rules));
        absent.addAll(absent(KordonSettings.PLAYBOOKS_PATHS, playbooks));
        if (!absent.isEmpty()) {
            throw new SettingsException(absent);
        }
        return load(
                rules.isEmpty() ? builtInRules() : rules,
                playbooks.isEmpty() ? builtInPlaybooks() : playbooks,
                placeholders(settings));
    }

    /** A mistyped path is not a bad rule: an engine without rules would find nothing, and look well. */
    private static List<String> absent(Setting<?> setting, List<Path> paths) {
        return paths.stream()
                .filter(path -> !Files.isReadable(path))
                .map(path -> setting.key() + " names " + path + ", which cannot be read")
                .toList();
    }

    /** What is in {@code rules/} of Kordon's home. */
    public static Rulebook builtIn() {
        return load(builtInRules(), builtInPlaybooks(), Placeholders.NONE);
    }

    /** What is in these files and folders; what lies in a folder called {@code playbooks} is a playbook, the rest rules. */
    public static Rulebook of(List<Path> paths, Placeholders placeholders) {
        List<RuleProblem> problems = new ArrayList<>();
        List<Path> playbooks = paths.stream()
                .flatMap(path -> files(path, problems).stream())
                .filter(Rulebook::isPlaybook)
                .toList();
        List<Path> rules = paths.stream().filter(path -> !isPlaybook(path)).toList();
        Rulebook found = read(rules, playbooks, placeholders);
        problems.addAll(found.problems());
        return new Rulebook(found.parsed(), found.rules(), found.playbooks(), problems);
    }

    /** What the placeholders of rules stand for, by the file that is set. */
    static Placeholders placeholders(Settings settings) {
        String file = settings.get(KordonSettings.RULES_PLACEHOLDERS);
        try {
            return PlaceholderFile.read(file.isEmpty() ? null : Path.of(file));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(List.of(KordonSettings.RULES_PLACEHOLDERS.key() + ": " + e.getMessage()));
        }
    }

    static Rulebook load(List<Path> rulePaths, List<Path> playbookPaths, Placeholders placeholders) {
        Rulebook book = read(rulePaths, playbookPaths, placeholders);
        book.problems.forEach(problem -> LOG.warn("not used: {}", problem));
        LOG.info(
                "{} detection rules, {} correlation rules, {} playbooks",
                book.rules.detections().size(),
                book.rules.correlations().size(),
                book.playbooks.size());
        return book;
    }

    private static Rulebook read(List<Path> rulePaths, List<Path> playbookPaths, Placeholders placeholders) {
        ParsedRules readRules = RuleFiles.read(rulePaths, placeholders);
        RuleSet rules = RuleSet.of(readRules);
        List<RuleProblem> problems = new ArrayList<>(rules.problems());
        PlaybookFiles.Read playbooks = PlaybookFiles.read(playbookPaths);
        problems.addAll(playbooks.problems());
        return new Rulebook(readRules, rules, playbooks.playbooks(), problems);
    }

    /** Playbooks live below the rules, and are not rules. */
    private static List<Path> builtInRules() {
        try (Stream<Path> entries = Files.list(home())) {
            return entries.filter(entry -> !entry.endsWith(PLAYBOOKS))
                    .filter(entry -> Files.isDirectory(entry) || isYaml(entry))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "there are no rules in " + home() + " (" + e
                            + "): set kordon.rules.paths, or start with -Dkordon.home",
                    e);
        }
    }

    private static List<Path> builtInPlaybooks() {
        return List.of(home().resolve(PLAYBOOKS));
    }

    private static Path home() {
        return Path.of(System.getProperty("kordon.home", "."), "rules")
                .toAbsolutePath()
                .normalize();
    }

    private static List<Path> files(Path path, List<RuleProblem> problems) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> tree = Files.walk(path)) {
            return tree.filter(Rulebook::isYaml)
                    .filter(file -> !RuleFiles.isSecondPath(path.relativize(file)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add(new RuleProblem(path.toString(), 1, 1, "cannot be listed: " + e));
            return List.of();
        }
    }

    private static boolean isPlaybook(Path path) {
        for (Path part : path.toAbsolutePath().normalize()) {
            if (part.toString().equals(PLAYBOOKS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isYaml(Path file) {
        return file.toString().endsWith(".yml") || file.toString().endsWith(".yaml");
    }
}
