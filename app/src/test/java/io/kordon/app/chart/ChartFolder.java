package io.kordon.app.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The chart's files, and copies of them that show what Helm does not print: hooks and notes. */
final class ChartFolder {
    static final Path SOURCE = Path.of("../helm/kordon");

    /** What the copy's hooks are annotated with, in place of {@code helm.sh/hook}: Helm leaves true ones out. */
    static final String HOOK = "kordon.test/hook";

    private static final String SANDBOX = "sandbox";

    private static final String NOTES = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: notes}
            data:
              notes: |
                {{- include (print .Template.BasePath "/NOTES.txt") . | nindent 4 }}
            """;

    private ChartFolder() {}

    /** Names of the value sets in {@code ci/}, and {@code sandbox}, the one to try Kordon with. */
    static List<String> valueSets() {
        try (Stream<Path> files = Files.list(SOURCE.resolve("ci"))) {
            return Stream.concat(
                            Stream.of(SANDBOX),
                            files.map(file -> file.getFileName().toString())
                                    .filter(name -> name.endsWith("-values.yaml"))
                                    .map(name -> name.substring(0, name.length() - "-values.yaml".length())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(String valueSet) {
        return valueSet.equals(SANDBOX)
                ? Path.of("../helm/sandbox/values.yaml")
                : SOURCE.resolve("ci").resolve(valueSet + "-values.yaml");
    }

    /** The chart's defaults with a value set over them, as Helm merges. */
    static Map<String, Object> merged(String valueSet) {
        return merged(yaml(SOURCE.resolve("values.yaml")), yaml(file(valueSet)));
    }

    /** A copy whose hooks are plain objects and whose notes are one. */
    static Path withHooksAndNotes(Path folder) throws IOException {
        copy(folder);
        Path jobs = folder.resolve("templates/jobs.yaml");
        Files.writeString(jobs, Files.readString(jobs).replace("helm.sh/hook", HOOK));
        Files.writeString(folder.resolve("templates/notes-as-object.yaml"), NOTES);
        return folder;
    }

    /** A copy that has a value set for its defaults, since Helm's lint takes no other. */
    static Path withDefaults(Path folder, String valueSet) throws IOException {
        copy(folder);
        Files.writeString(
                folder.resolve("values.yaml"), new Dump(DumpSettings.builder().build()).dumpToString(merged(valueSet)));
        return folder;
    }

    /** A copy for an API server that was built without a version, and says 0.0.0: the chart is told another. */
    static Path forVersion(Path folder, String version) throws IOException {
        copy(folder);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(
                        file,
                        Files.readString(file)
                                .replaceAll("(\\$root)?\\.Capabilities\\.KubeVersion\\.Version", '"' + version + '"')
                                .replaceAll("(?m)^kubeVersion:.*$", ""));
            }
        }
        return folder;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> yaml(Path file) {
        try {
            return (Map<String, Object>)
                    new Load(LoadSettings.builder().setLabel(file.toString()).build())
                            .loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(SOURCE.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> merged(Map<String, Object> under, Map<String, Object> over) {
        Map<String, Object> merged = new LinkedHashMap<>(under);
        over.forEach((key, value) -> merged.merge(
                key,
                value,
                (old, now) -> old instanceof Map && now instanceof Map
                        ? merged((Map<String, Object>) old, (Map<String, Object>) now)
                        : now));
        return merged;
    }
}
