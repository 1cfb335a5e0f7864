package io.kordon.elasticsearch;

import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where records go that will never be documents: to Connect's reporter, or the task stops. */
final class ErrantRecords {
    private static final Logger LOG = LoggerFactory.getLogger(ErrantRecords.class);

    private final @Nullable ErrantRecordReporter reporter;
    private final boolean skip;

    /**
     * @param reporter Connect's, null where neither a dead letter topic nor an error log is configured
     * @param skip whether a record that nobody takes is left behind, by {@code errors.tolerance=all}
     */
    ErrantRecords(@Nullable ErrantRecordReporter reporter, boolean skip) {
        this.reporter = reporter;
        this.skip = skip;
    }

    /** @throws ConnectException where the record may not be left behind; it fails the task */
    @SuppressWarnings("FutureReturnValueIgnored") // Connect itself waits for the reports before it commits (KIP-610)
    void report(SinkRecord record, String code, Exception cause) {
        LOG.warn(
                "record {}-{}@{} cannot become a document: {}",
                record.originalTopic(),
                record.originalKafkaPartition(),
                record.originalKafkaOffset(),
                code);
        if (reporter != null) {
            reporter.report(record, cause);
        } else if (!skip) {
            throw new ConnectException(
                    "record " + record.originalTopic() + "-" + record.originalKafkaPartition() + "@"
                            + record.originalKafkaOffset() + " cannot become a document (" + code
                            + "). Set errors.tolerance=all and errors.deadletterqueue.topic.name to go on past it",
                    cause);
        }
    }
}
