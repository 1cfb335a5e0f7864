package io.kordon.elasticsearch.kibana;

/** What a panel tells apart by. */
sealed interface Bucket {
    String field();

    /** Of a reader. */
    String label();

    /** The most frequent values of a field, or those with the highest first metric. */
    record Terms(String field, String label, int size) implements Bucket {
        public Terms {
            if (size < 1 || size > 1_000) {
                throw new IllegalArgumentException("a panel shows 1 to 1000 values of " + field + ", not " + size);
            }
        }
    }

    /** Stretches of time. */
    record Time(String field, String label) implements Bucket {}

    static Bucket terms(String field, String label, int size) {
        return new Terms(field, label, size);
    }

    static Bucket time() {
        return new Time("@timestamp", "Time");
    }
}
