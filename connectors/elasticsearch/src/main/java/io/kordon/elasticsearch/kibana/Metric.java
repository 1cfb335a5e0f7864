package io.kordon.elasticsearch.kibana;

/**
 * What a panel counts or measures.
 *
 * @param field empty for a count of documents
 * @param filter which of the documents count
 */
record Metric(Operation operation, String field, String label, Filter filter) {
    /** Kibana's name of an operation in Lens. */
    enum Operation {
        COUNT("count"),
        UNIQUE("unique_count"),
        AVERAGE("average"),
        MAX("max"),
        MEDIAN("median"),
        PERCENTILE_95("percentile");

        private final String lens;

        Operation(String lens) {
            this.lens = lens;
        }

        String lens() {
            return lens;
        }
    }

    Metric {
        if (field.isEmpty() != (operation == Operation.COUNT)) {
            throw new IllegalArgumentException("a count has no field, everything else has one: " + label);
        }
    }

    static Metric count(String label) {
        return new Metric(Operation.COUNT, "", label, Filter.ALL);
    }

    static Metric unique(String field, String label) {
        return new Metric(Operation.UNIQUE, field, label, Filter.ALL);
    }

    static Metric average(String field, String label) {
        return new Metric(Operation.AVERAGE, field, label, Filter.ALL);
    }

    static Metric max(String field, String label) {
        return new Metric(Operation.MAX, field, label, Filter.ALL);
    }

    static Metric median(String field, String label) {
        return new Metric(Operation.MEDIAN, field, label, Filter.ALL);
    }

    static Metric percentile95(String field, String label) {
        return new Metric(Operation.PERCENTILE_95, field, label, Filter.ALL);
    }

    Metric of(Filter counted) {
        return new Metric(operation, field, label, counted);
    }
}
