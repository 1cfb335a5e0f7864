package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.schemas.SchemaRegistration;
import io.kordon.schemas.Topic;
import io.kordon.schemas.TopicAdmin;
import io.kordon.schemas.Topics;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Creates the topics of the catalogue, or lists it. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Create the topics that Kordon uses, where they do not exist yet, and register their schemas.",
            "Topics that exist stay as they are; one whose partition count differs from the catalogue's is an error,"
                    + " because what belongs together would not meet.",
            "Topics that kordon.raw.* names are created, too, where they do not exist."
        })
public final class TopicsCommand implements Callable<Integer> {
    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Option(names = "--list", description = "Print the catalogue and create nothing; needs no broker.")
    private boolean list;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(out::println);
            return 0;
        }
        Topics topics = SettingsOptions.topics(settings);
        if (list) {
            topics.all().forEach(topic -> out.println(line(topic)));
            return 0;
        }
        settings.require(KordonSettings.REGISTRY_URL);
        Map<String, Object> kafka = SettingsOptions.kafka(settings);
        kafka.putIfAbsent("default.api.timeout.ms", "20000");
        kafka.putIfAbsent("request.timeout.ms", "10000");
        short replication = settings.get(KordonSettings.TOPICS_REPLICATION).shortValue();
        try (Admin admin = Admin.create(kafka)) {
            TopicAdmin topicAdmin = new TopicAdmin(admin);
            List<String> created = topicAdmin.create(topics, replication);
            topics.all()
                    .forEach(topic ->
                            out.println(line(topic) + (created.contains(topic.name()) ? "  created" : "  exists")));
            topicAdmin
                    .createMissing(raw(settings, topics), replication)
                    .forEach(name -> out.println(line(topics.raw(name)) + "  created"));
        }
        SchemaRegistration.with(SettingsOptions.serdes(settings))
                .register(topics)
                .forEach(subject -> out.println(subject + "  registered"));
        return 0;
    }

    /** The streams cannot start without the topics that they are to read. */
    private static List<Topic<SpecificRecord>> raw(Settings settings, Topics topics) {
        return Stream.of(KordonSettings.RAW_FALCO, KordonSettings.RAW_ALERTMANAGER, KordonSettings.RAW_AUDIT)
                .flatMap(setting -> settings.get(setting).keySet().stream())
                .map(topics::raw)
                .toList();
    }

    private static String line(Topic<?> topic) {
        Class<?> value = topic.value();
        return "%-28s %-26s %-16s %3d partitions  %s"
                .formatted(
                        topic.name(),
                        topic.key(),
                        value == null ? "bytes" : value.getSimpleName(),
                        topic.partitions(),
                        topic.config());
    }
}
