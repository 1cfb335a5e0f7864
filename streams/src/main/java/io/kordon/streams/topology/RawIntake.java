package io.kordon.streams.topology;

import io.kordon.decoding.AlertmanagerDecoder;
import io.kordon.decoding.AuditDecoder;
import io.kordon.decoding.Decoder;
import io.kordon.decoding.FalcoDecoder;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * The door for senders that write to Kafka themselves: their records are decoded, keyed by entity and written to the
 * events topics, as the gateway does with requests; what is no event goes to the rejected topic. From there on there is
 * one path for both. Works on bytes throughout, so that no key and no value can stop a task.
 */
final class RawIntake {
    private final Topics topics;
    private final AvroSerdes serdes;
    private final RawTopics raw;
    private final RawMetrics metrics;

    RawIntake(Topics topics, AvroSerdes serdes, RawTopics raw, MeterRegistry metrics) {
        raw.checkApartFrom(topics.all().stream().map(Topic::name).collect(Collectors.toSet()));
        this.topics = topics;
        this.serdes = serdes;
        this.raw = raw;
        this.metrics = new RawMetrics(metrics);
    }

    /** Adds a source, a processor and two sinks for each format that has raw topics; returns the same topology. */
    Topology addTo(Topology topology) {
        add(topology, new FalcoDecoder(), raw.falco(), topics.falcoEvents());
        add(topology, new AlertmanagerDecoder(), raw.alertmanager(), topics.prometheusEvents());
        add(topology, new AuditDecoder(), raw.audit(), topics.auditEvents());
        return topology;
    }

    private void add(Topology topology, Decoder decoder, Map<String, String> clusters, Topic<?> events) {
        if (clusters.isEmpty()) {
            return;
        }
        String decode = "decode-" + decoder.source();
        String source = "from-raw-" + decoder.source();
        RawProcessor.Outputs outputs =
                new RawProcessor.Outputs("events-of-" + decode, events.name(), "rejected-by-" + decode);
        topology.addSource(
                        (AutoOffsetReset) null, // the application's
                        source,
                        new ReceiptTime(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        new TreeSet<>(clusters.keySet()).toArray(String[]::new))
                .addProcessor(
                        decode,
                        () -> new RawProcessor(decoder, clusters, outputs, serdes.serializer(), metrics),
                        source)
                .addSink(outputs.events(), events.name(), new ByteArraySerializer(), new ByteArraySerializer(), decode)
                .addSink(
                        outputs.rejected(),
                        topics.rejected().name(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        decode);
    }
}
