package io.kordon.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds docs/configuration.md to the catalogue of settings; -Dreference.update=true writes it. */
class ConfigurationReferenceTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");

    /** Beginnings of keys, and who reads what begins so. The longest beginning counts. */
    private static final Map<String, String> READERS = readers();

    private static Map<String, String> readers() {
        Map<String, String> readers = new LinkedHashMap<>();
        readers.put("kordon.cluster", "gateway, streams, inventory, actuator");
        readers.put("kordon.topics.", "all");
        readers.put("kordon.topics.replication", "topics, streams, connect");
        readers.put("kordon.registry.", "all");
        readers.put("kordon.gateway.", "gateway");
        readers.put("kordon.rules.", "streams, rules");
        readers.put("kordon.playbooks.", "streams, playbooks");
        readers.put("kordon.streams.", "streams");
        readers.put("kordon.time.", "streams");
        readers.put("kordon.guardrails.", "streams");
        readers.put("kordon.raw.", "streams, topics");
        readers.put("kordon.kubernetes.", "inventory, actuator");
        readers.put("kordon.inventory.", "inventory");
        readers.put("kordon.actuator.", "actuator");
        readers.put("kordon.evidence.", "actuator, evidence");
        readers.put("kordon.elasticsearch.", "connect");
        readers.put("kordon.elasticsearch.index-prefix", "connect, dashboards");
        readers.put("kordon.connect.", "connect");
        readers.put("kordon.kibana.", "dashboards");
        readers.put("kordon.metrics.", "gateway, streams, inventory, actuator, connect, simulate");
        readers.put("kordon.shutdown.", "gateway, streams, inventory, actuator, connect, simulate");
        return readers;
    }

    @Test
    void pageSaysWhatTheCatalogueSays() throws IOException {
        String page = page();
        if (Boolean.getBoolean("reference.update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md differs from KordonSettings; -Dreference.update=true writes it anew")
                .isEqualTo(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
            <!-- Written from KordonSettings by ConfigurationReferenceTest (-Dreference.update=true). Do not edit. -->
            # Configuration

            Every process reads the same settings: what it does not use does no harm. They come from flags (`--set KEY=VALUE`),
            the environment, secrets' files, a YAML file (`--config FILE`) and defaults, in this order; a name that is none is
            an error, and all errors are told at once. `--print-config` shows each setting with its value and its origin,
            secrets hidden. [connections.md](connections.md) is about secrets in files, TLS and SASL.

            | beside them | |
            |---|---|
            | `kafka.*` | goes to Kafka's clients as it is: `kafka.bootstrap.servers`, `kafka.security.protocol`, … |
            | `registry.*` | goes to the schema registry's client as it is |
            | `KORDON_SECRETS` | folders with a file for each setting, as `--secrets`; in the environment only |
            | `KORDON_LOG_FORMAT` | `text` (default) or `ecs`: lines of JSON with ECS fields; in the environment only |
            | `KORDON_LOG_LEVEL` | `TRACE`, `DEBUG`, `INFO` (default), `WARN`, `ERROR`, `OFF`, of Kordon's own lines; in the environment only |
            | `KORDON_JAVA_ARGS` | options for Java, of the launcher script |

            """);
        String section = "";
        for (Setting<?> setting : KordonSettings.ALL) {
            String now = setting.key().split("\\.", 3)[1];
            if (!now.equals(section)) {
                section = now;
                page.append("\n## kordon.")
                        .append(section)
                        .append("\n\n| key, variable | default | value | meaning | read by |\n|---|---|---|---|---|\n");
            }
            page.append("| `")
                    .append(setting.key())
                    .append("`<br>`")
                    .append(setting.variable())
                    .append("` | ")
                    .append(setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`")
                    .append(" | ")
                    .append(kind(setting))
                    .append(" | ")
                    .append(setting.help().replace("|", "\\|").replace("<", "&lt;"))
                    .append(" | ")
                    .append(reader(setting.key()))
                    .append(" |\n");
        }
        return page.toString();
    }

    /** In the words of the parser itself, which says what is needed where it is given something else. */
    private static String kind(Setting<?> setting) {
        try {
            Object value = setting.parser().apply("?");
            String kind = value instanceof List ? "list, comma-separated" : "text";
            return setting.secret() ? kind + ", secret" : kind;
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage())
                    .replace("'?' is neither TOPIC nor TOPIC=CLUSTER", "TOPIC or TOPIC=CLUSTER, comma-separated")
                    .replaceFirst("^'\\?' is no list of steps: use ", "")
                    .replaceFirst(" is needed", "");
        }
    }

    private static String reader(String key) {
        return READERS.entrySet().stream()
                .filter(each -> key.startsWith(each.getKey()))
                .reduce((one, other) -> one.getKey().length() > other.getKey().length() ? one : other)
                .map(Map.Entry::getValue)
                .orElseThrow(() -> new AssertionError("say in ConfigurationReferenceTest who reads " + key));
    }
}
