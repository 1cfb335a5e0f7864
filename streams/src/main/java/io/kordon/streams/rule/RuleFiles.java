package io.kordon.streams.rule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Rules from disk. */
public final class RuleFiles {
    /** The largest file read, in bytes; ten thousand rules of common size take half of it. */
    private static final long LARGEST = 32L << 20;

    /** A folder of this name holds playbooks, which are not rules. */
    private static final Path PLAYBOOKS = Path.of("playbooks");

    private RuleFiles() {}

    /** The rules of files and folders that can stand together, with what {@link #read} could not read as problems. */
    public static RuleSet load(List<Path> paths) {
        ParsedRules parsed = read(paths, Placeholders.NONE);
        return RuleSet.of(parsed.rules(), parsed.problems());
    }

    /**
     * Reads rule files, and directories with all their {@code *.yml} and {@code *.yaml} files but
     * those in folders called {@code playbooks}, in the order of their paths.
     * What cannot be read is among the problems.
     */
    public static ParsedRules read(List<Path> paths, Placeholders placeholders) {
        List<Rule> rules = new ArrayList<>();
        List<RuleDocument> documents = new ArrayList<>();
        List<RuleProblem> problems = new ArrayList<>();
        RuleParser parser = new RuleParser(placeholders);
        for (Path path : paths) {
            for (Path file : files(path, problems)) {
                ParsedRules parsed = read(parser, file);
                rules.addAll(parsed.rules());
                documents.addAll(parsed.documents());
                problems.addAll(parsed.problems());
            }
        }
        return new ParsedRules(rules, documents, problems);
    }

    private static List<Path> files(Path path, List<RuleProblem> problems) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> tree = Files.walk(path)) {
            return tree.filter(Files::isRegularFile)
                    .filter(file -> isYaml(file) && !isPlaybook(path.relativize(file)))
                    .filter(file -> !isSecondPath(path.relativize(file)))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            problems.add(new RuleProblem(path.toString(), 1, 1, "cannot be listed: " + e));
            return List.of();
        }
    }

    /**
     * Whether a file of a folder is seen there twice: Kubernetes keeps the files of a mounted ConfigMap in folders called
     * {@code ..data} and {@code ..TIME}, and links to them.
     *
     * @param file path from the folder
     */
    public static boolean isSecondPath(Path file) {
        for (Path part : file) {
            if (part.toString().startsWith("..")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlaybook(Path file) {
        for (Path part : file) {
            if (part.equals(PLAYBOOKS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isYaml(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yml") || name.endsWith(".yaml");
    }

    private static ParsedRules read(RuleParser parser, Path file) {
        String reason;
        try {
            if (Files.size(file) <= LARGEST) {
                return parser.parse(file.toString(), Files.readString(file));
            }
            reason = "the file is larger than " + LARGEST + " bytes";
        } catch (CharacterCodingException e) {
            reason = "the file is not UTF-8";
        } catch (NoSuchFileException e) {
            reason = "cannot be read: there is no such file or folder";
        } catch (IOException e) {
            reason = "cannot be read: " + e;
        }
        return new ParsedRules(List.of(), List.of(), List.of(new RuleProblem(file.toString(), 1, 1, reason)));
    }
}
