package io.kordon.streams.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the examples of the Sigma specification 2.1 say, section by section. */
class SpecificationTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void findsWhatTheExampleIsMeantToFind(
            String section, String searches, String condition, TestEvent found, TestEvent other) {
        Matcher matcher = Rules.detection(searches, condition);
        assertThat(matcher.matches(found)).as("%s, %s", section, found).isTrue();
        assertThat(matcher.matches(other)).as("%s, %s", section, other).isFalse();
    }

    static Stream<Arguments> findsWhatTheExampleIsMeantToFind() {
        return Stream.of(
                arguments(
                        "YAML file",
                        "selection:\n  Image: 'C:\\Windows\\System32\\whoami.exe'",
                        "selection",
                        TestEvent.of("Image", "c:\\windows\\system32\\WHOAMI.exe"),
                        TestEvent.of("Image", "whoami.exe")),
                arguments(
                        "String wildcard ?",
                        "s: {f: 'prog?.exe'}",
                        "s",
                        TestEvent.of("f", "progB.exe"),
                        TestEvent.of("f", "prog.exe")),
                arguments(
                        "String wildcard *",
                        "s: {f: 'antivirus_V*.exe'}",
                        "s",
                        TestEvent.of("f", "antivirus_V21.2.1.exe"),
                        TestEvent.of("f", "antivirus_21.exe")),
                arguments(
                        "Lists of strings",
                        "keywords: [EVILSERVICE, 'svchost.exe -n evil']",
                        "keywords",
                        TestEvent.of("Message", "started svchost.exe -n evil twice"),
                        TestEvent.of("Message", "started svchost.exe")),
                arguments(
                        "Lists of maps",
                        "selection:\n  - Image|endswith: '\\example.exe'\n  - Description|contains: 'Test executable'",
                        "selection",
                        TestEvent.of("Image", "C:\\example.exe", "Description", "other"),
                        TestEvent.of("Image", "C:\\example.com", "Description", "other")),
                arguments(
                        "Maps with lists",
                        "selection: {EventLog: Security, EventID: [517, 1102]}",
                        "selection",
                        TestEvent.of("EventLog", "Security", "EventID", 1102L),
                        TestEvent.of("EventLog", "System", "EventID", 1102L)),
                arguments(
                        "Maps",
                        "selection: {EventLog: Security, EventID: 4769, TicketOptions: '0x40810000', "
                                + "TicketEncryption: '0x17'}",
                        "selection",
                        TestEvent.of(
                                "EventLog",
                                "Security",
                                "EventID",
                                "4769",
                                "TicketOptions",
                                "0x40810000",
                                "TicketEncryption",
                                "0x17"),
                        TestEvent.of(
                                "EventLog",
                                "Security",
                                "EventID",
                                "4769",
                                "TicketOptions",
                                "0x40810000",
                                "TicketEncryption",
                                "0x18")),
                arguments(
                        "Special field values",
                        "selection: {EventID: 4738}\nfilter: {PasswordLastSet: null}",
                        "selection and not filter",
                        TestEvent.of("EventID", 4738L, "PasswordLastSet", ""),
                        TestEvent.of("EventID", 4738L)),
                arguments(
                        "Field existence",
                        "selection: {EventID: 4738, 'PasswordLastSet|exists': true}",
                        "selection",
                        TestEvent.of("EventID", 4738L, "PasswordLastSet", null),
                        TestEvent.of("EventID", 4738L)),
                arguments(
                        "Placeholders are text without expand",
                        "s: {field: '%name%'}",
                        "s",
                        TestEvent.of("field", "%name%"),
                        TestEvent.of("field", "name")),
                arguments(
                        "Keyword search, any",
                        "mimikatz_keywords: ['event::clear', 'event::drop']",
                        "mimikatz_keywords",
                        TestEvent.of("x", "mimikatz # event::drop"),
                        TestEvent.of("x", "mimikatz # event")),
                arguments(
                        "Keyword search, all",
                        "keywords_cmdlet:\n  '|all': [OabVirtualDirectory, ' -ExternalUrl ']",
                        "keywords_cmdlet",
                        TestEvent.of("x", "Set-OabVirtualDirectory -ExternalUrl y"),
                        TestEvent.of("x", "Set-OabVirtualDirectory y")),
                arguments(
                        "1 of them leaves underscores out",
                        "s: {f: 1}\n_example: {f: 2}",
                        "1 of them",
                        TestEvent.of("f", 1L),
                        TestEvent.of("f", 2L)),
                arguments(
                        "1 of selection* and not 1 of filter*",
                        "selection_a: {f: 1}\nselection_b: {f: 2}\nfilter_x: {g: 1}",
                        "1 of selection* and not 1 of filter*",
                        TestEvent.of("f", 2L, "g", 2L),
                        TestEvent.of("f", 2L, "g", 1L)),
                arguments(
                        "all of selection*",
                        "selection_a: {f: 1}\nselection_b: {g: 2}",
                        "all of selection*",
                        TestEvent.of("f", 1L, "g", 2L),
                        TestEvent.of("f", 1L)),
                arguments(
                        "1 of selection* and keywords",
                        "selection_a: {f: 1}\nkeywords: [evil]",
                        "1 of selection* and keywords",
                        TestEvent.of("f", 1L, "g", "evil"),
                        TestEvent.of("f", 1L, "g", "good")),
                arguments(
                        "Brackets",
                        "selection1: {f: 1}\nkeywords1: [a]\nkeywords2: [b]",
                        "selection1 and (keywords1 or keywords2)",
                        TestEvent.of("f", 1L, "g", "b"),
                        TestEvent.of("f", 1L, "g", "x")),
                arguments(
                        "List of conditions",
                        "a: {f: 1}\nb: {f: 2}",
                        "[a, b]",
                        TestEvent.of("f", 2L),
                        TestEvent.of("f", 3L)),
                arguments(
                        "cidr",
                        "s: {DestinationIp|cidr: 10.0.0.0/8}",
                        "s",
                        TestEvent.of("DestinationIp", "10.1.2.3"),
                        TestEvent.of("DestinationIp", "11.1.2.3")));
    }

    @Test
    void readsTheCorrelationsOfTheExamples() {
        String rules = String.join(
                "---\n",
                rule("5638f7c0-ac70-491d-8465-2a65075e0d86", "fw"),
                rule("a", "recon_cmd_a"),
                rule("b", "recon_cmd_b"),
                rule("c", "recon_cmd_c"));
        RuleSet set = RuleSet.of(Rules.parse(rules + """
                ---
                title: Many failed logins
                id: 0e95725d-7320-415d-80f7-004da920fc11
                correlation:
                    type: event_count
                    rules:
                        - 5638f7c0-ac70-491d-8465-2a65075e0d86
                    group-by:
                        - ComputerName
                    timespan: 1h
                    condition:
                        gte: 100
                ---
                title: Failed login
                id: 0e95725d-7320-415d-80f7-004da920fc12
                correlation:
                    type: value_count
                    rules: [5638f7c0-ac70-491d-8465-2a65075e0d86]
                    group-by: [ComputerName, WorkstationName]
                    timespan: 1d
                    condition:
                        field: User
                        gte: 100
                ---
                title: Reconnaissance
                id: recon
                correlation:
                    type: temporal
                    rules: [recon_cmd_a, recon_cmd_b, recon_cmd_c]
                    group-by: [ComputerName, User]
                    timespan: 5m
                """).rules());
        assertThat(set.problems()).isEmpty();
        CorrelationRule many = (CorrelationRule) set.rule("0e95725d-7320-415d-80f7-004da920fc11");
        assertThat(many.timespan()).isEqualTo(Duration.ofHours(1));
        assertThat(many.condition().atLeast()).isEqualTo(100);
        CorrelationRule users = (CorrelationRule) set.rule("0e95725d-7320-415d-80f7-004da920fc12");
        assertThat(users.condition().fields()).containsExactly("User");
        assertThat(((CorrelationRule) set.rule("recon")).rules()).containsExactly("a", "b", "c");
    }

    @Test
    void chainsFailedLoginsAndASuccessfulOne() {
        ParsedRules parsed =
                Rules.parse("""
                title: Correlation - Multiple Failed Logins Followed by Successful Login
                id: b180ead8-d58f-40b2-ae54-c8940995b9b6
                status: experimental
                author: A
                date: 2023-06-16
                correlation:
                    type: temporal_ordered
                    rules:
                        - multiple_failed_login
                        - successful_login
                    group-by:
                        - User
                    timespan: 10m
                falsepositives:
                    - Unlikely
                level: high
                ---
                title: Multiple failed logons
                id: a8418a5a-5fc4-46b5-b23b-6c73beb19d41
                name: multiple_failed_login
                correlation:
                    type: event_count
                    rules:
                        - failed_login
                    group-by:
                        - User
                    timespan: 10m
                    condition:
                        gte: 10
                ---
                """ + rule("failed", "failed_login") + "---\n" + rule("successful", "successful_login"));
        assertThat(parsed.problems()).isEmpty();
        RuleSet set = RuleSet.of(parsed.rules());
        assertThat(set.problems()).isEmpty();
        assertThat(((CorrelationRule) set.rule("b180ead8-d58f-40b2-ae54-c8940995b9b6")).rules())
                .containsExactly("a8418a5a-5fc4-46b5-b23b-6c73beb19d41", "successful");
        assertThat(set.rule("b180ead8-d58f-40b2-ae54-c8940995b9b6").level()).isEqualTo(Level.HIGH);
        assertThat(set.alertsAlone("a8418a5a-5fc4-46b5-b23b-6c73beb19d41")).isFalse();
        assertThat(set.alertsAlone("b180ead8-d58f-40b2-ae54-c8940995b9b6")).isTrue();
    }

    @Test
    void standsInForFieldsByAlias() {
        RuleSet set = RuleSet.of(
                Rules.parse(rule("i", "internal_error") + "---\n" + rule("n", "new_network_connection") + """
                        ---
                        title: Error, then a connection back
                        id: alias
                        correlation:
                            type: temporal
                            rules: [internal_error, new_network_connection]
                            group-by: [internal_ip, remote_ip]
                            timespan: 10s
                            aliases:
                                internal_ip:
                                    internal_error: destination.ip
                                    new_network_connection: source.ip
                                remote_ip:
                                    internal_error: source.ip
                                    new_network_connection: destination.ip
                        """)
                        .rules());
        assertThat(set.problems()).isEmpty();
        CorrelationRule rule = (CorrelationRule) set.rule("alias");
        assertThat(rule.groupFields("i")).containsExactly("destination.ip", "source.ip");
        assertThat(rule.groupFields("n")).containsExactly("source.ip", "destination.ip");
    }

    @Test
    void takesTheFilterOfTheExample() {
        RuleSet set = RuleSet.of(Rules.parse(rule("6f3e2987", "rar") + "---\n" + rule("df0841c0", "jump") + """
                        ---
                        title: Filter Administrator account
                        description: The valid administrator account start with adm_
                        logsource:
                            product: falco
                        filter:
                            rules:
                                - 6f3e2987 # Data Compressed
                                - df0841c0 # Login on jump host
                            selection:
                                User|startswith: 'adm_'
                            condition: selection
                        """)
                .rules());
        assertThat(set.problems()).isEmpty();
        assertThat(set.detections()).hasSize(2).allSatisfy(rule -> {
            assertThat(rule.matcher().matches(TestEvent.of("f", "a", "User", "adm_x")))
                    .isTrue();
            assertThat(rule.matcher().matches(TestEvent.of("f", "a", "User", "bob")))
                    .isFalse();
        });
    }

    private static String rule(String id, String name) {
        return "id: " + id + "\nname: " + name + "\n" + Rules.rule("selection: {f: a}", "selection");
    }
}
