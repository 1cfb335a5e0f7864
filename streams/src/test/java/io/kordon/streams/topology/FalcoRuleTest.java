package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.streams.rule.RuleFiles;
import io.kordon.streams.rule.RuleSet;
import io.kordon.streams.senders.SenderFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped Falco rule says is what the shipped Sigma rules listen for, by its name and by its fields. */
class FalcoRuleTest {
    private static final RuleSet RULES = RuleFiles.load(List.of(Path.of("../rules")));

    private static final Map<?, ?> RULE =
            SenderFiles.maps(SenderFiles.documents(SenderFiles.FOLDER.resolve("falco/rules.yaml"))
                            .get(0))
                    .stream()
                    .filter(item -> item.containsKey("rule"))
                    .findFirst()
                    .orElseThrow();

    @ParameterizedTest
    @CsvSource({"curl,java,catalina.sh", "curl,sh,java", "bash,java,containerd-shim", "wget,dash,php-fpm8.2"})
    void isWhatTheSigmaRulesListenFor(String name, String parent, String grandparent) throws JsonProcessingException {
        String event = new ObjectMapper()
                .writeValueAsString(Map.of(
                        "time",
                        "2026-11-24T12:00:00.000000000Z",
                        "rule",
                        RULE.get("rule"),
                        "priority",
                        "Warning",
                        "source",
                        "syscall",
                        "hostname",
                        "node-1",
                        "output",
                        "12:00:00: Warning RCE",
                        "tags",
                        RULE.get("tags"),
                        "output_fields",
                        Map.of(
                                "container.id",
                                "0e5bbf17d616",
                                "k8s.ns.name",
                                "tomcat",
                                "k8s.pod.name",
                                "web-1",
                                "k8s.pod.uid",
                                Events.UID,
                                "evt.type",
                                "execve",
                                "proc.name",
                                name,
                                "proc.cmdline",
                                name + " http://198.51.100.7/x",
                                "proc.pname",
                                parent,
                                "proc.aname[2]",
                                grandparent,
                                "proc.tty",
                                0)));
        try (TopologyHarness kordon = new TopologyHarness(Events.NOON)) {
            new RuleCase.Sent("falco", event).to(kordon, "prod");
            assertThat(kordon.signals())
                    .extracting(signal -> Objects.requireNonNull(
                                    RULES.rule(signal.value().getRuleId()))
                            .name())
                    .contains("falco_rce", "web_server_shell");
        }
    }
}
