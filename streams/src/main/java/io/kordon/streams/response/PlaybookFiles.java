package io.kordon.streams.response;

import io.kordon.streams.rule.Place;
import io.kordon.streams.rule.RuleDocument;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleProblem;
import io.kordon.streams.rule.YamlDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Playbooks from disk, and the document that each was read from. */
public final class PlaybookFiles {
    /** The largest file read, in bytes. */
    private static final long LARGEST = 4L << 20;

    private final PlaybookParser parser = new PlaybookParser();
    private final List<Playbook> playbooks = new ArrayList<>();
    private final List<RuleDocument> documents = new ArrayList<>();
    private final List<RuleProblem> problems = new ArrayList<>();
    private final Map<String, Place> places = new HashMap<>();

    private PlaybookFiles() {}

    /**
     * What files and folders hold.
     *
     * @param documents one of each playbook, in the same order
     * @param problems what cannot be used, with file, line and reason
     */
    public record Read(List<Playbook> playbooks, List<RuleDocument> documents, List<RuleProblem> problems) {
        public Read {
            playbooks = List.copyOf(playbooks);
            documents = List.copyOf(documents);
            problems = List.copyOf(problems);
        }
    }

    /** Reads files, and folders with all their {@code *.yml} and {@code *.yaml} files, in the order of their paths. */
    public static Read read(List<Path> paths) {
        PlaybookFiles files = new PlaybookFiles();
        for (Path path : paths) {
            files.list(path).forEach(files::add);
        }
        return new Read(files.playbooks, files.documents, files.problems);
    }

    private List<Path> list(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> tree = Files.walk(path)) {
            return tree.filter(Files::isRegularFile)
                    .filter(PlaybookFiles::isYaml)
                    .filter(file -> !RuleFiles.isSecondPath(path.relativize(file)))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            problems.add(new RuleProblem(path.toString(), 1, 1, "cannot be listed: " + e));
            return List.of();
        }
    }

    private void add(Path file) {
        String reason;
        try {
            if (Files.size(file) <= LARGEST) {
                String origin = file.toString();
                YamlDocument.split(Files.readString(file)).forEach(document -> add(origin, document));
                return;
            }
            reason = "the file is larger than " + LARGEST + " bytes";
        } catch (CharacterCodingException e) {
            reason = "the file is not UTF-8";
        } catch (NoSuchFileException e) {
            reason = "cannot be read: there is no such file or folder";
        } catch (IOException e) {
            reason = "cannot be read: " + e;
        }
        problems.add(new RuleProblem(file.toString(), 1, 1, reason));
    }

    /** Each document alone, so that broken YAML in one costs the others nothing; behind as many lines as are before it. */
    private void add(String origin, YamlDocument document) {
        PlaybookParser.Parsed parsed = parser.parse(origin, "\n".repeat(document.firstLine() - 1) + document.text());
        problems.addAll(parsed.problems());
        String body = document.body();
        for (Playbook playbook : parsed.playbooks()) {
            Place place = new Place(origin, document.firstLine(), 1);
            Place taken = places.putIfAbsent(playbook.name(), place);
            if (taken == null) {
                playbooks.add(playbook);
                documents.add(new RuleDocument(playbook.name(), YamlDocument.version(body), place, body));
            } else {
                problems.add(new RuleProblem(
                        origin,
                        place.line(),
                        place.column(),
                        "name '" + playbook.name() + "' is already taken by " + taken.origin() + ":" + taken.line()));
            }
        }
    }

    private static boolean isYaml(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yml") || name.endsWith(".yaml");
    }
}
