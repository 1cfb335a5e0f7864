package io.kordon.elasticsearch.kibana;

import java.util.Arrays;
import java.util.List;

/** What stands in a place of a dashboard. */
public sealed interface Content {
    /** Stable, without prefix. */
    String id();

    String title();

    /** The question that it answers, for whoever hovers over it. */
    String question();

    View view();

    /** How a panel looks. */
    enum Shape {
        /** One number. */
        METRIC,
        /** Stacked, over the first bucket, parted by the second. */
        BARS,
        BARS_HORIZONTAL,
        LINE,
        DONUT,
        TABLE,
        /** The first bucket across, the second down. */
        HEATMAP
    }

    /** Buckets in buckets, with metrics in the innermost. */
    record Panel(
            String id,
            String title,
            String question,
            View view,
            Shape shape,
            Filter filter,
            List<Bucket> buckets,
            List<Metric> metrics)
            implements Content {
        public Panel {
            buckets = List.copyOf(buckets);
            metrics = List.copyOf(metrics);
            int wanted = switch (shape) {
                case METRIC -> 0;
                case HEATMAP -> 2;
                default -> Math.max(1, buckets.size());
            };
            if (metrics.isEmpty() || buckets.size() != wanted) {
                throw new IllegalArgumentException(id + ": " + shape + " does not take " + buckets.size() + " buckets, "
                        + metrics.size() + " metrics");
            }
        }
    }

    /** Documents one by one. */
    record Listing(
            String id,
            String title,
            String question,
            View view,
            Filter filter,
            List<String> columns,
            boolean newestFirst)
            implements Content {
        public Listing {
            columns = List.copyOf(columns);
        }
    }

    static Listing listing(
            String id,
            String title,
            View view,
            Filter filter,
            boolean newestFirst,
            String question,
            String... columns) {
        return new Listing(id, title, question, view, filter, Arrays.asList(columns), newestFirst);
    }
}
