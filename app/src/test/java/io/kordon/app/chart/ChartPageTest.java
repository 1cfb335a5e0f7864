package io.kordon.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/helm.md} says of values is so. */
class ChartPageTest {
    private static final Path PAGE = Path.of("../docs/helm.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*`) \\| (`([^|`]*)`)? ?\\| ");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void namesValuesThatThereAreWithTheirDefaults() throws IOException {
        Map<String, Object> values = ChartFolder.yaml(ChartFolder.SOURCE.resolve("values.yaml"));
        Matcher row = ROW.matcher(Files.readString(PAGE));
        int rows = 0;
        while (row.find()) {
            rows++;
            Matcher name = CODE.matcher(row.group(1));
            while (name.find()) {
                Object value = value(values, name.group(1));
                assertThat(value).as(name.group(1)).isNotNull();
                assertThat(row.group(3) == null ? "" : row.group(3))
                        .as("the default of %s", name.group(1))
                        .isEqualTo(isEmpty(value) ? "" : value.toString());
            }
        }
        assertThat(rows).isGreaterThan(20);
    }

    @Test
    void namesEveryGroupOfValues() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(ChartFolder.yaml(ChartFolder.SOURCE.resolve("values.yaml")).keySet())
                .filteredOn(group -> !List.of("pods", "mounts", "apiVersions").contains(group))
                .allMatch(page::contains);
    }

    @Test
    void takesTheImageOfTheVersionThatItBelongsTo() throws IOException {
        Matcher version = Pattern.compile("<artifactId>kordon</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("../pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(ChartFolder.yaml(ChartFolder.SOURCE.resolve("Chart.yaml")).get("appVersion"))
                .isEqualTo(version.group(1));
    }

    private static boolean isEmpty(Object value) {
        return value.equals("") || (value instanceof Map<?, ?> map && map.isEmpty()) || value.equals(List.of());
    }

    private static Object value(Map<String, Object> values, String path) {
        Object value = values;
        for (String part : Arrays.asList(path.split("\\.", -1))) {
            value = value instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return value;
    }
}
