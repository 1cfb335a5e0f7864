package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.EntityState;
import io.kordon.avro.GuardState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every schema to BACKWARD_TRANSITIVE against all that was ever committed: {@code src/history/NAME/N.avsc}, whole
 * and resolved. {@code -Dhistory.update=true} adds the next version of what changed.
 */
class SchemaHistoryTest {
    private static final Path HISTORY = Path.of("src/history");

    static Stream<Schema> schemas() {
        return Stream.concat(
                new Topics().all().stream().map(Topic::schema).filter(Objects::nonNull),
                Stream.of(EntityState.getClassSchema(), GuardState.getClassSchema()));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void readsEverythingThatWasEverWritten(Schema current) throws IOException {
        for (Path version : versions(current)) {
            Schema old = new Schema.Parser().parse(Files.readString(version));
            SchemaPairCompatibility compatibility = SchemaCompatibility.checkReaderWriterCompatibility(current, old);
            assertThat(compatibility.getType())
                    .as("%s cannot read %s: %s", current.getName(), version, compatibility.getResult())
                    .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void isCommittedAsItIs(Schema current) throws IOException {
        List<Path> versions = versions(current);
        boolean committed = !versions.isEmpty()
                && new Schema.Parser()
                        .parse(Files.readString(versions.get(versions.size() - 1)))
                        .equals(current);
        if (!committed && Boolean.getBoolean("history.update")) {
            Path next = directory(current).resolve(versions.size() + 1 + ".avsc");
            Files.createDirectories(next.getParent());
            Files.writeString(next, SchemaFormatter.getInstance("json/pretty").format(current) + "\n");
            committed = true;
        }
        assertThat(committed)
                .as("%s has changed: run with -Dhistory.update=true and commit the new version", current.getName())
                .isTrue();
    }

    private static List<Path> versions(Schema schema) throws IOException {
        if (!Files.isDirectory(directory(schema))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory(schema))) {
            return files.sorted(java.util.Comparator.comparingInt(SchemaHistoryTest::number))
                    .toList();
        }
    }

    private static int number(Path version) {
        return Integer.parseInt(version.getFileName().toString().replace(".avsc", ""));
    }

    private static Path directory(Schema schema) {
        return HISTORY.resolve(schema.getName());
    }
}
