package io.kordon.streams.topology;

import io.kordon.avro.Command;
import io.kordon.avro.GuardState;
import io.kordon.avro.Result;
import io.kordon.streams.response.BudgetLedger;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.Budgets.Outcome;
import io.kordon.streams.response.Budgets.Ruling;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands in, by cluster; those that the cluster's budgets admit out, under their pod's key, and for each of the others a
 * result that says that it waits, and why.
 */
final class GuardProcessor implements Processor<String, Command, String, SpecificRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(GuardProcessor.class);

    private final Budgets budgets;
    private final StreamsMetrics metrics;
    private ProcessorContext<String, SpecificRecord> context;
    private KeyValueStore<String, GuardState> ledgers;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    GuardProcessor(Budgets budgets, StreamsMetrics metrics) {
        this.budgets = budgets;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        this.context = context;
        this.ledgers = context.getStateStore(KordonTopology.LEDGERS);
    }

    @Override
    public void process(Record<String, Command> record) {
        Command command = record.value();
        GuardState stored = ledgers.get(record.key());
        BudgetLedger before = stored == null ? BudgetLedger.EMPTY : GuardRecords.ledger(stored);
        // Nobody asks in the future: one such command would push the ledger past all others.
        long now = context.currentSystemTimeMs() * 1_000;
        Ruling ruling = budgets.admit(before, GuardRecords.request(command, now));
        if (!ruling.ledger().equals(before)) {
            ledgers.put(record.key(), GuardRecords.record(ruling.ledger()));
        }
        metrics.guarded(ruling.outcome());
        if (ruling.outcome() == Outcome.HELD) {
            LOG.info("held {} of {}: {}", command.getId(), command.getIncidentId(), ruling.reason());
            Result waiting = GuardRecords.waiting(command, ruling.reason());
            context.forward(new Record<>(waiting.getKey(), waiting, record.timestamp()));
        } else {
            context.forward(new Record<>(command.getEntity().getKey(), command, record.timestamp()));
        }
    }
}
