package io.kordon.app.process;

import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Setting;
import io.kordon.app.config.Settings;
import io.kordon.app.config.SettingsException;
import io.kordon.app.lifecycle.Closers;
import io.kordon.streams.correlation.Policy;
import io.kordon.streams.incident.Source;
import io.kordon.streams.response.Budgets;
import io.kordon.streams.response.SourceLimits;
import io.kordon.streams.topology.KordonStreams;
import io.kordon.streams.topology.LivePlaybooks;
import io.kordon.streams.topology.LiveRules;
import io.kordon.streams.topology.RawTopics;
import io.kordon.streams.topology.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Runs the streams application. */
@Command(
        name = "streams",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run the correlation engine: events to signals, signals to incidents, incidents to commands.",
            "Rules are those of kordon.rules.paths, with what `kordon rules apply` publishes in their place; playbooks"
                    + " those of kordon.playbooks.paths, with what `kordon playbooks apply` publishes.",
            "Instances of one application id share the work; each needs a state folder of its own.",
            "Needs kafka.bootstrap.servers and kordon.registry.url, and the topics that `kordon topics` creates (those"
                    + " of kordon.raw.*, too)."
        })
public final class StreamsCommand extends ProcessCommand {
    @Override
    Running start(Settings settings, PrometheusMeterRegistry metrics) {
        settings.require(KordonSettings.REGISTRY_URL);
        Rulebook rulebook = Rulebook.load(settings);
        Policy policy = policy(settings);
        Budgets budgets = budgets(settings);
        ProcessMeters.disk(metrics, "state", Path.of(settings.get(KordonSettings.STREAMS_STATE_DIR)));
        Closers closers = new Closers();
        LiveRules rules = closers.add(LiveRules.start(
                rulebook.parsed(),
                Rulebook.placeholders(settings),
                SettingsOptions.topics(settings),
                SettingsOptions.kafka(settings),
                SettingsOptions.serdes(settings),
                metrics));
        LivePlaybooks playbooks = closers.add(LivePlaybooks.start(
                rulebook.playbooks(),
                SettingsOptions.topics(settings),
                SettingsOptions.kafka(settings),
                SettingsOptions.serdes(settings),
                metrics));
        KordonStreams streams = closers.add(start(settings, policy, budgets, rules, playbooks, metrics));
        return new Running(
                closers,
                () -> !streams.failed(),
                () -> streams.running() ? problem(rules, playbooks) : "Kafka Streams is " + streams.state(),
                "");
    }

    private static String problem(LiveRules rules, LivePlaybooks playbooks) {
        return rules.problem().isEmpty() ? playbooks.problem() : rules.problem();
    }

    private static KordonStreams start(
            Settings settings,
            Policy policy,
            Budgets budgets,
            LiveRules rules,
            LivePlaybooks playbooks,
            PrometheusMeterRegistry metrics) {
        return KordonStreams.start(
                new StreamsSettings(
                        SettingsOptions.applicationId(settings),
                        Path.of(settings.get(KordonSettings.STREAMS_STATE_DIR)),
                        settings.get(KordonSettings.STREAMS_THREADS),
                        settings.get(KordonSettings.STREAMS_STANDBYS),
                        settings.get(KordonSettings.STREAMS_COMMIT_INTERVAL),
                        settings.get(KordonSettings.TOPICS_REPLICATION),
                        policy,
                        limits(settings),
                        budgets,
                        raw(settings)),
                SettingsOptions.topics(settings),
                SettingsOptions.kafka(settings),
                SettingsOptions.serdes(settings),
                rules,
                playbooks,
                metrics);
    }

    static Policy policy(Settings settings) {
        try {
            return new Policy(
                    Map.of(
                            Source.FALCO, settings.get(KordonSettings.GRACE_FALCO),
                            Source.AUDIT, settings.get(KordonSettings.GRACE_AUDIT),
                            Source.PROMETHEUS, settings.get(KordonSettings.GRACE_PROMETHEUS)),
                    settings.get(KordonSettings.ALERT_HOLD),
                    settings.get(KordonSettings.FUTURE_BOUND),
                    settings.get(KordonSettings.QUIET),
                    Policy.DEFAULT.commandTtl(),
                    Policy.DEFAULT.reopen(),
                    Policy.DEFAULT.memory());
        } catch (IllegalArgumentException e) {
            throw new SettingsException(List.of("kordon.time: " + e.getMessage()));
        }
    }

    static SourceLimits limits(Settings settings) {
        return new SourceLimits(Map.of(
                Source.FALCO, settings.get(KordonSettings.STEPS_FALCO),
                Source.AUDIT, settings.get(KordonSettings.STEPS_AUDIT),
                Source.PROMETHEUS, settings.get(KordonSettings.STEPS_PROMETHEUS)));
    }

    static Budgets budgets(Settings settings) {
        try {
            return new Budgets(
                    settings.get(KordonSettings.GUARD_WINDOW),
                    settings.get(KordonSettings.GUARD_CLUSTER),
                    settings.get(KordonSettings.GUARD_NAMESPACE),
                    settings.get(KordonSettings.GUARD_OWNER));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(List.of("kordon.guardrails: " + e.getMessage()));
        }
    }

    private static RawTopics raw(Settings settings) {
        return new RawTopics(
                clusters(settings, KordonSettings.RAW_FALCO),
                clusters(settings, KordonSettings.RAW_ALERTMANAGER),
                clusters(settings, KordonSettings.RAW_AUDIT));
    }

    /** Topics that name no cluster speak of the one that is configured. */
    private static Map<String, String> clusters(Settings settings, Setting<Map<String, String>> topics) {
        Map<String, String> clusters = new HashMap<>(settings.get(topics));
        clusters.replaceAll((topic, cluster) -> cluster.isEmpty() ? settings.get(KordonSettings.CLUSTER) : cluster);
        return clusters;
    }
}
