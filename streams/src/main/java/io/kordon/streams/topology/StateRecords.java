package io.kordon.streams.topology;

import io.kordon.avro.GenerationState;
import io.kordon.streams.correlation.EntityState;
import io.kordon.streams.correlation.Extent;
import io.kordon.streams.correlation.Generation;
import io.kordon.streams.correlation.TrackedIncident;
import java.util.List;
import java.util.TreeSet;

/** The engine's state between its record and the core's value. */
final class StateRecords {
    private StateRecords() {}

    static io.kordon.avro.EntityState record(EntityState state) {
        return new io.kordon.avro.EntityState(
                state.timerAt(),
                state.generations().stream().map(StateRecords::record).toList());
    }

    static EntityState state(io.kordon.avro.EntityState record) {
        return new EntityState(
                record.getTimerAt(),
                record.getGenerations().stream().map(StateRecords::generation).toList());
    }

    private static GenerationState record(Generation generation) {
        return GenerationState.newBuilder()
                .setUid(generation.uid())
                .setClock(generation.clock())
                .setTouchedAt(generation.touchedAt())
                .setOpened(generation.opened())
                .setContext(SubjectRecords.context(generation.context()))
                .setDeletedAt(generation.deletedAt())
                .setDecided(generation.decided())
                .setSignals(
                        generation.signals().stream().map(SignalRecords::record).toList())
                .setIncidents(generation.incidents().stream()
                        .map(StateRecords::record)
                        .toList())
                .setPast(generation.past().stream()
                        .map(extent -> new io.kordon.avro.Extent(extent.from(), extent.until()))
                        .toList())
                .build();
    }

    private static Generation generation(GenerationState record) {
        return new Generation(
                record.getUid(),
                record.getClock(),
                record.getTouchedAt(),
                record.getOpened(),
                SubjectRecords.context(record.getContext()),
                record.getDeletedAt(),
                record.getSignals().stream().map(SignalRecords::signal).toList(),
                record.getDecided(),
                record.getIncidents().stream().map(StateRecords::tracked).toList(),
                record.getPast().stream()
                        .map(extent -> new Extent(extent.getFrom(), extent.getUntil()))
                        .toList());
    }

    private static io.kordon.avro.TrackedIncident record(TrackedIncident tracked) {
        return io.kordon.avro.TrackedIncident.newBuilder()
                .setIncident(IncidentRecords.record(tracked.incident()))
                .setFrom(tracked.from())
                .setExtensions(tracked.extensions())
                .setEarliestMatch(tracked.earliestMatch())
                .setCounted(List.copyOf(new TreeSet<>(tracked.counted())))
                .build();
    }

    private static TrackedIncident tracked(io.kordon.avro.TrackedIncident record) {
        return new TrackedIncident(
                IncidentRecords.incident(record.getIncident()),
                record.getFrom(),
                record.getExtensions(),
                record.getEarliestMatch(),
                new TreeSet<>(record.getCounted()));
    }
}
