package io.kordon.streams.rule;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Sigma rule: one document of a rule file. */
public sealed interface Rule permits DetectionRule, CorrelationRule, FilterRule {
    RuleHead head();

    default String id() {
        return head().id();
    }

    default @Nullable String name() {
        return head().name();
    }

    default String title() {
        return head().title();
    }

    default String version() {
        return head().version();
    }

    /**
     * The declared level. A detection that declares none is {@link Level#LOW}, as pySigma's Elasticsearch backend has
     * it; a correlation that declares none takes the highest of the rules it refers to, because its level is meant as
     * an adjustment of theirs.
     */
    default Level level() {
        return Objects.requireNonNullElse(head().level(), Level.LOW);
    }

    /** Its contribution to a score, in [0, 100]: its own where it declares one, else its level's. */
    default double weight() {
        Double own = head().weight();
        return own == null ? level().weight() : own;
    }

    default List<String> tags() {
        return head().tags();
    }
}
