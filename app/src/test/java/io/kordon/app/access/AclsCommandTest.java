package io.kordon.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.CommandRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AclsCommandTest {
    @Test
    void showsWhatARoleNeeds() {
        CommandRun run = CommandRun.of("acls", "gateway");

        assertThat(run.code()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "PRINCIPAL RESOURCE NAME OPERATIONS",
                        "User:kordon-gateway Topic kordon.events.falco Write",
                        "User:kordon-gateway Topic kordon.events.prometheus Write",
                        "User:kordon-gateway Topic kordon.events.audit Write",
                        "User:kordon-gateway Topic kordon.rejected Write");
    }

    @Test
    void writesWhatKafkasOwnToolTakes() {
        CommandRun run = CommandRun.of("acls", "streams", "--principal", "User:CN=o'hara,OU=x", "--commands");

        assertThat(run.out())
                .contains("--add --allow-principal 'User:CN=o'\\''hara,OU=x' --operation Create --operation Delete"
                        + " --operation Read --operation Write --topic 'kordon-streams-' --resource-pattern-type"
                        + " prefixed")
                .contains(" --operation Write --transactional-id 'kordon-streams-' --resource-pattern-type prefixed");
    }

    @Test
    void writesAnObjectALine() {
        CommandRun run = CommandRun.of("acls", "rule-author", "--json");

        assertThat(run.out().lines().toList())
                .hasSize(2)
                .first()
                .asString()
                .contains(
                        "\"name\":\"kordon.rules\"", "\"operations\":[\"Read\",\"Write\"]", "\"pattern\":\"Literal\"");
    }

    @Test
    void followsThePrefixAndTheSendersOwnTopics() {
        String prefix = "kordon.topics.prefix=edge.";
        String raw = "kordon.raw.falco-topics=falco";
        CommandRun streams = CommandRun.of("acls", "streams", "--set", prefix, "--set", raw);
        CommandRun actuator = CommandRun.of("acls", "actuator", "--set", prefix);
        CommandRun topics = CommandRun.of("acls", "topics", "--set", prefix, "--set", raw);

        assertThat(streams.out().replaceAll(" +", " "))
                .contains("Topic falco Read", "Topic edge.events.falco Read, Write", "Topic edge-streams-*")
                .doesNotContain("kordon.");
        assertThat(actuator.out().replaceAll(" +", " ")).contains("Group edge-actuator-default Read");
        assertThat(topics.out().replaceAll(" +", " ")).contains("Topic falco Create, Describe");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void grantsEachThingOnce(Role role) {
        List<String> things = CommandRun.of("acls", role.spelling(), "--commands")
                .out()
                .lines()
                .map(line -> line.replaceAll(".*--operation [A-Za-z]+ ", ""))
                .toList();

        assertThat(things).isNotEmpty().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"acls nobody", "acls --principal gateway", "acls --json --commands"})
    void refusesWhatCannotBeMeant(String words) {
        CommandRun run = CommandRun.of(words.split(" ", -1));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
