package io.kordon.elasticsearch;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import io.kordon.elasticsearch.ElasticsearchSinkConfig.Batch;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in the order of arrival, from Kafka's bytes to a settled document: written, found written, or reported. Not
 * thread-safe, as Connect calls a task from one thread.
 */
final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    /** Some 10 MB at most. */
    private static final int MOST_TOLD = 50_000;

    private final Batch batch;
    private final int maxRetries;
    private final RecordDecoder decoder;
    private final Documents documents;
    private final Templates templates;
    private final BulkWriter writer;
    private final Trim trim;
    private final ErrantRecords errant;
    private final Counts counts;
    private final Backoff backoff;
    private final Clock clock;

    private final Told told = new Told(MOST_TOLD);
    private final List<Pending> queue = new ArrayList<>();
    private boolean installed;
    private int failures;
    private @Nullable Instant due;

    Pipeline(
            ElasticsearchSinkConfig config,
            RecordDecoder decoder,
            Documents documents,
            Templates templates,
            BulkWriter writer,
            Trim trim,
            ErrantRecords errant,
            Counts counts,
            Clock clock,
            RandomGenerator random) {
        this.batch = config.batch();
        this.maxRetries = config.retry().maxRetries();
        this.backoff = new Backoff(config.retry().min(), config.retry().max(), random);
        this.decoder = decoder;
        this.documents = documents;
        this.templates = templates;
        this.writer = writer;
        this.trim = trim;
        this.errant = errant;
        this.counts = counts;
        this.clock = clock;
    }

    /** Partitions came, and with them records that somebody else may have written. */
    void opened() {
        writer.expectRepeats();
        told.forget();
    }

    void add(Collection<SinkRecord> records) {
        records.forEach(record -> queue.add(new Pending(record)));
        counts.pending.set(queue.size());
    }

    /**
     * Writes as much as can be written now. Returns at once while a wait has not passed.
     *
     * @throws ConnectException for a bad record that nobody takes, or beyond {@code max.retries}
     */
    void drain() {
        if (due != null && clock.instant().isBefore(due)) {
            return;
        }
        Obstacle obstacle = installed ? null : install();
        while (obstacle == null && !queue.isEmpty()) {
            obstacle = drainBatch();
        }
        if (obstacle == null) {
            if (due != null) {
                LOG.info("nothing waits any more");
            }
            failures = 0;
            due = null;
            trim.run();
            counts.nothingWaits();
        } else {
            await(obstacle);
        }
    }

    /** Null when installed, else what stands in the way. */
    private @Nullable Obstacle install() {
        try {
            templates.install();
            installed = true;
            return null;
        } catch (IOException | ElasticsearchException e) {
            if (Verdict.ofRequest(e) instanceof Verdict.Bad) {
                throw new ConnectException("Elasticsearch refuses Kordon's index templates", e);
            }
            return new Obstacle(Obstacle.Kind.of(Verdict.status(e)), "templates not installed: " + e);
        }
    }

    /** One document of a record. */
    private record Part(Pending pending, int index, Document document) {}

    /** Null when the batch is settled, else what stands in the way of the rest. */
    private @Nullable Obstacle drainBatch() {
        List<Part> chosen = new ArrayList<>();
        Obstacle obstacle = choose(chosen);
        List<Verdict> verdicts =
                writer.write(chosen.stream().map(Part::document).toList());
        for (int i = 0; i < chosen.size(); i++) {
            Verdict verdict = verdicts.get(i);
            if (verdict instanceof Verdict.Later later) {
                obstacle = Obstacle.of(later);
                installed &= later.status() != 404; // an index that is gone is made again
            } else {
                settle(chosen.get(i), verdict);
            }
        }
        queue.removeIf(Pending::isDone);
        counts.pending.set(queue.size());
        return obstacle;
    }

    /** Decodes from the head of the queue until a batch is full, or nobody can tell what a value is. */
    private @Nullable Obstacle choose(List<Part> chosen) {
        long bytes = 0;
        for (Pending pending : queue) {
            if (pending.documents() == null) {
                Obstacle obstacle = decode(pending);
                if (obstacle != null) {
                    return obstacle;
                }
            }
            for (Part part : open(pending)) {
                bytes += part.document().json().size();
                if (chosen.size() == batch.documents() || (bytes > batch.bytes() && !chosen.isEmpty())) {
                    return null;
                }
                chosen.add(part);
            }
        }
        return null;
    }

    /** What is left to write of a record. */
    private static List<Part> open(Pending pending) {
        List<Document> documents = pending.documents();
        if (documents == null || pending.isDone()) {
            return List.of();
        }
        return IntStream.range(0, documents.size())
                .filter(index -> !pending.isSettled(index))
                .mapToObj(index -> new Part(pending, index, documents.get(index)))
                .toList();
    }

    private @Nullable Obstacle decode(Pending pending) {
        Decoded decoded = decoder.decode(pending.record());
        if (decoded instanceof Decoded.Unknown unknown) {
            return Obstacle.registry("the schema registry does not answer: " + unknown.cause());
        } else if (decoded instanceof Decoded.Unusable unusable) {
            bad(pending, unusable.code(), unusable.cause());
            pending.done();
        } else if (decoded instanceof Decoded.Value value) {
            try {
                pending.documents(untold(documents.all(value.record())));
            } catch (IllegalArgumentException e) {
                bad(pending, "value.without.document", e);
                pending.done();
            }
        } else {
            counts.tombstones.incrementAndGet();
            pending.done();
        }
        return null;
    }

    /** The record's own document, and those of its companions that an earlier record has not brought. */
    private List<Document> untold(List<Document> all) {
        List<Document> untold = new ArrayList<>();
        for (Document document : all) {
            if (untold.isEmpty() || told.isNew(document)) {
                untold.add(document);
            }
        }
        return untold;
    }

    /** A record is reported once, whichever of its documents are refused; it counts as what became of its own. */
    private void settle(Part part, Verdict verdict) {
        Pending pending = part.pending();
        if (verdict instanceof Verdict.Bad bad && !pending.isReported()) {
            String detail = bad.status() + " " + bad.reason();
            bad(pending, "elasticsearch.refused", new DataException("Elasticsearch refuses the document: " + detail));
        }
        pending.settle(part.index(), verdict instanceof Verdict.Done done && done.already());
        if (pending.isDone() && !pending.isReported()) {
            (pending.wasThere() ? counts.alreadyThere : counts.written).incrementAndGet();
        }
        failures = 0;
    }

    private void bad(Pending pending, String code, Exception cause) {
        counts.reported.incrementAndGet();
        pending.reported();
        errant.report(pending.record(), code, cause);
    }

    private void await(Obstacle obstacle) {
        failures++;
        counts.waits(obstacle.kind(), clock.millis());
        if (maxRetries >= 0 && failures > maxRetries) {
            throw new ConnectException("gave up after " + maxRetries + " retries: " + obstacle.reason());
        }
        Duration wait = backoff.after(failures);
        due = clock.instant().plus(wait);
        LOG.warn(
                "waiting {} ms before try {}, {} records pending: {}",
                wait.toMillis(),
                failures,
                queue.size(),
                obstacle.reason());
    }

    boolean isWaiting() {
        return due != null;
    }

    /** Time until the next try, zero when it is due. */
    Duration untilDue() {
        if (due == null) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), due);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Offset of the first unsettled record of each partition that has one. */
    Map<TopicPartition, Long> firstPending() {
        Map<TopicPartition, Long> first = new HashMap<>();
        queue.forEach(pending -> first.merge(pending.partition(), pending.offset(), Math::min));
        return first;
    }

    void drop(Collection<TopicPartition> partitions) {
        Set<TopicPartition> gone = Set.copyOf(partitions);
        queue.removeIf(pending -> gone.contains(pending.partition()));
        told.forget();
        counts.pending.set(queue.size());
    }
}
