package io.kordon.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of the documentation is the catalogue's. */
class AccessTableTest {
    private static final String BEGIN = "<!-- written by AccessTableTest -->\n";
    private static final String END = "<!-- end -->\n";

    @Test
    void isWhatTheCatalogueSays() throws IOException {
        String page = Files.readString(Path.of("../docs/connections.md"));
        int begin = page.indexOf(BEGIN) + BEGIN.length();

        assertThat(page.substring(begin, page.indexOf(END, begin))).isEqualTo(table());
    }

    private static String table() {
        Installation plain = Installation.of(Settings.load(null, Map.of(), Map.of()));
        StringBuilder table = new StringBuilder("| role | who | may | on |\n|---|---|---|---|\n");
        for (Role role : Role.values()) {
            String name = "`" + role.spelling() + "`";
            String who = role.who();
            for (Map.Entry<String, List<Grant>> row : rows(role, plain).entrySet()) {
                table.append("| " + name + " | " + who + " | " + row.getKey() + " "
                        + row.getValue().stream()
                                .map(grant -> "`" + grant.resource() + "`")
                                .collect(Collectors.joining(", "))
                        + " |\n");
                name = "";
                who = "";
            }
        }
        return table.toString();
    }

    /** Grants of the same operations on the same kind of resource, in the order of the catalogue. */
    private static Map<String, List<Grant>> rows(Role role, Installation plain) {
        return Grants.of(role, plain).stream()
                .collect(Collectors.groupingBy(
                        grant -> String.join(", ", grant.spelledOperations()) + " | "
                                + Grant.camel(grant.type().name()),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }
}
