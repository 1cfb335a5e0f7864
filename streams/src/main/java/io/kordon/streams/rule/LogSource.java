package io.kordon.streams.rule;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which events a rule is meant for, or where an event comes from. Names are held in lower case; null means unsaid.
 *
 * @see <a href="https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md">
 *     Sigma rules, LogSource</a>
 */
public record LogSource(
        @Nullable String product,
        @Nullable String category,
        @Nullable String service) {
    public LogSource {
        product = lower(product);
        category = lower(category);
        service = lower(service);
    }

    /** Whether a rule for this source applies to events of {@code other}: each part that it names must be the same. */
    public boolean covers(LogSource other) {
        return (product == null || product.equals(other.product))
                && (category == null || category.equals(other.category))
                && (service == null || service.equals(other.service));
    }

    private static @Nullable String lower(@Nullable String name) {
        return name == null ? null : name.toLowerCase(Locale.ROOT);
    }
}
