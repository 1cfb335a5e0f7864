package io.kordon.app.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/metrics.md to the meters that the sources name. Many come into being when something goes wrong for the first
 * time, so that no scrape has all of them; what is scraped, with types and labels, {@code ProcessesIT} compares.
 */
class MetricsDocumentationTest {
    private static final Pattern METER = Pattern.compile(
            "\\b(?:builder|counter|timer|gauge|items|expiry|sum|count|largest)\\(\\s*\"(kordon(?:\\.[a-z]+)+)\"");
    private static final Pattern OF_DOCUMENTS =
            Pattern.compile("builder\\(\\s*\"kordon\\.\" \\+ what \\+ \"((?:\\.[a-z]+)+)\"");
    private static final Pattern UNIT = Pattern.compile("(_(seconds|bytes|records))?(_total)?$");

    @Test
    void everyMeterOfTheSourcesIsDocumentedAndNoOther() throws IOException {
        Set<String> documented = MetricsTable.read().rows().keySet().stream()
                .filter(name -> name.startsWith("kordon_"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = named();
        assertThat(named).hasSizeGreaterThan(70);
        assertThat(documented)
                .as("meters of the sources without a row in docs/metrics.md: "
                        + named.stream()
                                .filter(name -> documented.stream().noneMatch(row -> is(row, name)))
                                .toList())
                .isNotEmpty()
                .allMatch(row -> named.stream().anyMatch(name -> is(row, name)));
        assertThat(named).allMatch(name -> documented.stream().anyMatch(row -> is(row, name)));
    }

    /** Prometheus' name has the unit at its end, where the meter has one. */
    private static boolean is(String row, String named) {
        return row.equals(named) || UNIT.matcher(row).replaceFirst("").equals(named);
    }

    private static Set<String> named() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            METER.matcher(text).results().map(found -> found.group(1)).forEach(names::add);
            Matcher documents = OF_DOCUMENTS.matcher(text);
            while (documents.find()) {
                names.add("kordon.rules" + documents.group(1));
                names.add("kordon.playbooks" + documents.group(1));
            }
        }
        return names.stream().map(name -> name.replace('.', '_')).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> sources() throws IOException {
        Path home = Path.of("..").toRealPath();
        try (Stream<Path> modules = Files.find(home, 5, (path, is) -> path.endsWith("src/main/java"))) {
            return modules.flatMap(MetricsDocumentationTest::files).toList();
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
