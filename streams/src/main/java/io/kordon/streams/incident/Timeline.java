package io.kordon.streams.incident;

import org.jspecify.annotations.Nullable;

/**
 * The times that a team is measured by; epoch microseconds.
 *
 * @param firstEvidenceAt event time of the first evidence
 * @param lastEvidenceAt event time at which the last evidence began
 * @param detectedAt when the event that completed the first match was received
 * @param containmentRequestedAt when the first command was issued
 * @param containedAt when the actuator had read back the last step
 * @param closedAt event time of closing
 */
public record Timeline(
        long firstEvidenceAt,
        long lastEvidenceAt,
        long detectedAt,
        @Nullable Long containmentRequestedAt,
        @Nullable Long containedAt,
        @Nullable Long closedAt) {

    static Timeline opened(long evidenceAt, long detectedAt) {
        return new Timeline(evidenceAt, evidenceAt, detectedAt, null, null, null);
    }

    Timeline evidence(long at) {
        return new Timeline(
                Math.min(firstEvidenceAt, at),
                Math.max(lastEvidenceAt, at),
                detectedAt,
                containmentRequestedAt,
                containedAt,
                closedAt);
    }

    Timeline requested(long at) {
        Long first = containmentRequestedAt == null ? Long.valueOf(at) : containmentRequestedAt;
        return new Timeline(firstEvidenceAt, lastEvidenceAt, detectedAt, first, containedAt, closedAt);
    }

    Timeline contained(@Nullable Long at) {
        return new Timeline(firstEvidenceAt, lastEvidenceAt, detectedAt, containmentRequestedAt, at, closedAt);
    }

    Timeline reopened() {
        return new Timeline(firstEvidenceAt, lastEvidenceAt, detectedAt, containmentRequestedAt, containedAt, null);
    }

    Timeline closed(long at) {
        return new Timeline(firstEvidenceAt, lastEvidenceAt, detectedAt, containmentRequestedAt, containedAt, at);
    }
}
