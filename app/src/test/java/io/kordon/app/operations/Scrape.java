package io.kordon.app.operations;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process tells Prometheus, in the text format. */
public final class Scrape {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"");

    private Scrape() {}

    /**
     * All samples under one name.
     *
     * @param labels names only
     * @param sum of the samples
     */
    public record Family(String name, String type, Set<String> labels, double sum) {}

    public static List<Family> parse(String text) {
        Map<String, String> types = new LinkedHashMap<>();
        Map<String, Set<String>> labels = new LinkedHashMap<>();
        Map<String, Double> sums = new LinkedHashMap<>();
        String current = "";
        for (String line : text.split("\n", -1)) {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                current = type.group(1);
                types.put(current, type.group(2));
                labels.put(current, new TreeSet<>());
                sums.put(current, 0.0);
            } else if (sample.matches()) {
                Set<String> names = labels.get(current);
                if (sample.group(2) != null) {
                    LABEL.matcher(sample.group(2)).results().forEach(label -> names.add(label.group(1)));
                }
                sums.merge(current, Double.parseDouble(sample.group(3)), Double::sum);
            }
        }
        List<Family> families = new ArrayList<>();
        types.forEach((name, type) -> families.add(new Family(name, type, labels.get(name), sums.get(name))));
        return families;
    }
}
