package io.kordon.kubernetes;

import io.kordon.avro.Command;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Works off the records of one partition in their order; what is done up to {@link #next()} may be committed. */
final class Lane implements Callable<Void> {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final List<ConsumerRecord<byte[], byte[]>> records;
    private final Deserializer<Command> deserializer;
    private final CommandRunner runner;
    private final ResultSink sink;
    private final ActuatorMetrics metrics;
    private volatile long next;
    private volatile boolean stopped;

    /** @param records of one partition, at least one */
    Lane(
            List<ConsumerRecord<byte[], byte[]>> records,
            Deserializer<Command> deserializer,
            CommandRunner runner,
            ResultSink sink,
            ActuatorMetrics metrics) {
        this.records = List.copyOf(records);
        this.deserializer = deserializer;
        this.runner = runner;
        this.sink = sink;
        this.metrics = metrics;
        this.next = records.get(0).offset();
    }

    /** Offset of the first record that is not done with. */
    long next() {
        return next;
    }

    /** Lets the record in work come to its end, and none begin after it. */
    void stop() {
        stopped = true;
    }

    @Override
    public Void call() throws InterruptedException {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (stopped) {
                break;
            }
            process(record);
            next = record.offset() + 1;
        }
        return null;
    }

    private void process(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        ResultSink.Delivery delivery = sink.delivery();
        Decoded decoded = decode(record);
        if (decoded instanceof Decoded.Rejected rejected) {
            metrics.rejected(rejected.code());
            LOG.warn(
                    "{}-{} offset {} is no command: {}; rejected",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    rejected.detail());
            delivery.reject(record, rejected.code(), rejected.detail());
        } else if (decoded instanceof Decoded.Valid valid) {
            run(valid.command(), delivery);
        }
        delivery.await();
    }

    private void run(Command command, ResultSink.Delivery delivery) throws InterruptedException {
        if (!runner.serves(command)) {
            metrics.skipped();
            LOG.debug(
                    "command {} is for cluster {}",
                    command.getId(),
                    command.getEntity().getCluster());
            return;
        }
        MDC.put("command", command.getId());
        MDC.put("incident", command.getIncidentId());
        MDC.put("pod", command.getEntity().getKey());
        try {
            runner.run(command, delivery::send);
        } finally {
            MDC.remove("command");
            MDC.remove("incident");
            MDC.remove("pod");
        }
    }

    private Decoded decode(ConsumerRecord<byte[], byte[]> record) {
        return Decoded.of(record, deserializer);
    }
}
