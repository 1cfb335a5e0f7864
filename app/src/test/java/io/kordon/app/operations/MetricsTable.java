package io.kordon.app.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** docs/metrics.md, as far as a program can hold something to it. */
public final class MetricsTable {
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final Pattern ROW =
            Pattern.compile("\\| `([a-z_][a-z0-9_]*)` \\| (counter|gauge|summary) \\| ([^|]*)\\| (.*?) \\|$");
    private static final Pattern NAME = Pattern.compile("`([a-z_]+)`");
    private static final Pattern ALERT = Pattern.compile("Kordon[A-Za-z]+");

    private final Map<String, Row> rows = new TreeMap<>();

    /**
     * One metric.
     *
     * @param type of Prometheus: counter, gauge or summary; a summary has _count and _sum, and a gauge _max beside it
     * @param labels names only
     * @param alerts that look at it
     */
    public record Row(String name, String type, Set<String> labels, Set<String> alerts) {}

    private MetricsTable() {}

    public static MetricsTable read() throws IOException {
        MetricsTable table = new MetricsTable();
        for (String line : Files.readAllLines(PAGE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String[] cells = row.group(4).split(" \\| ", -1);
                String name = row.group(1);
                table.rows.put(
                        name,
                        new Row(name, row.group(2), all(NAME, row.group(3)), all(ALERT, cells[cells.length - 1])));
            }
        }
        return table;
    }

    public Map<String, Row> rows() {
        return rows;
    }

    /** The row of a family or of a sample, which may bear the name with an ending; null where there is none. */
    public @Nullable Row of(String name) {
        for (String ending : Arrays.asList("", "_count", "_sum", "_max")) {
            Row row = name.endsWith(ending) ? rows.get(name.substring(0, name.length() - ending.length())) : null;
            if (row != null && (ending.isEmpty() || row.type().equals("summary"))) {
                return row;
            }
        }
        return null;
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(matcher.groupCount()));
        }
        return found;
    }
}
