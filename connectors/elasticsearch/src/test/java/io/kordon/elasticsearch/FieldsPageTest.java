package io.kordon.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Holds docs/kibana-fields.md to the templates and to what is written; {@code -Dreference.update=true} writes it anew. */
class FieldsPageTest {
    private static final Path PAGE = Path.of("../../docs/kibana-fields.md");
    private static final String HEAD = """
            # Fields in Elasticsearch

            Every field that is mapped, with its type and the documents that it is in. Made of the templates and of whole records.
            ECS fields keep ECS's meaning; what has no place there is below `kordon`. `nested` fields are lists of objects, to be
            searched with a nested query; a document beyond these fields has none that is indexed. `*_ms` are milliseconds.

            | field | type | in |
            |---|---|---|
            """;

    @Test
    void listsEveryFieldWithItsTypeAndWhereItIs() throws IOException {
        String page = page();
        if (Boolean.getBoolean("reference.update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("run this test with -Dreference.update=true and look at what changed")
                .hasContent(page);
    }

    private static String page() throws IOException {
        Map<String, Set<String>> written = written();
        StringBuilder page = new StringBuilder(HEAD);
        Templates.fields()
                .types()
                .forEach((field, type) -> page.append("| `")
                        .append(field)
                        .append("` | ")
                        .append(type)
                        .append(" | ")
                        .append(String.join(", ", written.getOrDefault(field, Set.of("(none yet)"))))
                        .append(" |\n"));
        return page.toString();
    }

    /** Streams by the fields that whole records of them have. */
    private static Map<String, Set<String>> written() throws IOException {
        Map<String, Set<String>> written = new TreeMap<>();
        Documents documents = new Documents("", Clock.systemUTC());
        Iterator<SpecificRecord> records = DocumentsTest.everyRecord().iterator();
        while (records.hasNext()) {
            for (Document document : documents.all(records.next())) {
                collect(
                        "",
                        document.index(),
                        Json.MAPPER.readTree(document.json().asInputStream()),
                        written);
            }
        }
        return written;
    }

    private static void collect(String path, String index, JsonNode node, Map<String, Set<String>> written) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = path + field.getKey();
            written.computeIfAbsent(name, none -> new TreeSet<>()).add(index);
            JsonNode value = field.getValue();
            for (JsonNode one : value.isArray() ? value : List.of(value)) {
                collect(name + ".", index, one, written);
            }
        }
    }
}
