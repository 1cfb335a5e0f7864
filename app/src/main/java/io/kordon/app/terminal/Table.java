package io.kordon.app.terminal;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, in columns that are as wide as they need to be, up to a bound. */
public final class Table {
    private static final String GAP = "  ";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * One column.
     *
     * @param most characters at most; what is longer ends with an ellipsis
     */
    public record Column(String heading, int most) {
        public Column {
            if (most < heading.length()) {
                throw new IllegalArgumentException("the column " + heading + " is wider than " + most + " characters");
            }
        }
    }

    public Table(Column... columns) {
        this.columns = List.of(columns);
        rows.add(this.columns.stream().map(Column::heading).toList());
    }

    /** Adds a row with a cell for each column. */
    public void row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            row.add(bounded(PrintableText.of(cells[i]), columns.get(i).most()));
        }
        rows.add(row);
    }

    /** The headings and the rows, aligned. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(i == 0 ? "" : GAP).append(row.get(i));
                line.append(" ".repeat(width(i) - length(row.get(i))));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String bounded(String text, int most) {
        return length(text) <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }
}
