package io.kordon.app;

import io.kordon.app.embedded.EmbeddedStack;
import io.kordon.schemas.AvroSerdes;
import io.kordon.schemas.SchemaRegistration;
import io.kordon.schemas.TopicAdmin;
import io.kordon.schemas.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What a command answered. */
record SiteRun(int code, String out, String err) {

    /** The topics of a test on the shared servers, and the commands of people over them. */
    record Site(EmbeddedStack stack, Topics topics, AvroSerdes serdes) {

        static Site create(EmbeddedStack stack, String prefix) throws InterruptedException {
            Site site = new Site(
                    stack,
                    new Topics(prefix, 2),
                    AvroSerdes.registry(stack.registry().url()));
            try (Admin admin = Admin.create(site.kafka())) {
                new TopicAdmin(admin).create(site.topics(), (short) 1);
            }
            SchemaRegistration.with(site.serdes()).register(site.topics());
            return site;
        }

        Map<String, Object> kafka() {
            return Map.of("bootstrap.servers", stack.broker().bootstrapServers());
        }

        /** Runs a command, its words and arguments separated by blanks. */
        SiteRun run(String words) {
            return run(words, new StringWriter());
        }

        /** As {@link #run(String)}; {@code out} grows while it runs. */
        SiteRun run(String words, StringWriter out) {
            StringWriter err = new StringWriter();
            CommandLine line = Kordon.commandLine();
            line.setOut(new PrintWriter(out));
            line.setErr(new PrintWriter(err));
            String where = " --kafka %s --registry %s --set kordon.topics.prefix=%s"
                    .formatted(
                            stack.broker().bootstrapServers(), stack.registry().url(), topics.prefix());
            int code = line.execute((words + where).split(" ", -1));
            return new SiteRun(code, out.toString(), err.toString());
        }

        <V extends SpecificRecord> byte[] bytes(String topic, V value) {
            try (Serializer<V> serializer = serdes.serializer()) {
                return serializer.serialize(topic, value);
            }
        }

        void send(String topic, String key, byte @Nullable [] value) throws InterruptedException {
            try (KafkaProducer<String, byte[]> producer =
                    new KafkaProducer<>(kafka(), new StringSerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(topic, key, value)).get();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
