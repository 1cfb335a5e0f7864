package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.rule.CorrelationRule;
import io.kordon.streams.rule.CorrelationRule.Operator;
import io.kordon.streams.rule.RuleSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Correlations over correlations, and over groups of other fields than the pod. */
class ChainTest {
    private static final long T = 1_000_000;

    private static Book guessing() {
        return new Book()
                .detections("fail", "success")
                .correlation("many-fails", CorrelationRule.Type.EVENT_COUNT, "fail")
                .bound(Operator.GTE, 3)
                .add();
    }

    @Test
    void matchesACorrelationFollowedByAnEventEagerly() {
        RuleSet rules = guessing()
                .correlation("guessed", CorrelationRule.Type.TEMPORAL_ORDERED, "many-fails", "success")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.point("fail", T), signals.point("fail", T + 1), signals.point("success", T + 9));
        assertThat(scenario.incidents).isEmpty();
        scenario.observe(signals.point("fail", T + 2));
        Incident incident = scenario.only();
        assertThat(rules(incident)).contains("many-fails", "success", "guessed");
        assertThat(incident.findings().contributions())
                .filteredOn(each -> each.ruleId().equals("many-fails"))
                .as("a correlation counts once, however many signals it rests on")
                .allMatch(each -> each.matches() == 1);
    }

    @Test
    void isSilentOfACorrelationThatIsOnlyAPart() {
        RuleSet rules = guessing()
                .correlation("guessed", CorrelationRule.Type.TEMPORAL_ORDERED, "many-fails", "success")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules);
        for (int i = 0; i < 5; i++) {
            scenario.observe(signals.point("fail", T + i));
        }
        assertThat(scenario.incidents).isEmpty();
        assertThat(scenario.matches).extracting(Match::ruleId).contains("many-fails");

        RuleSet generating = guessing()
                .correlation("guessed", CorrelationRule.Type.TEMPORAL_ORDERED, "many-fails", "success")
                .generate()
                .add()
                .set();
        Scenario loud = new Scenario(generating);
        for (int i = 0; i < 5; i++) {
            loud.observe(new Signals(generating, "uid-1").point("fail", T + i));
        }
        assertThat(rules(loud.only())).contains("many-fails");
    }

    @Test
    void countsMatchesThatDoNotOverlap() {
        RuleSet rules = guessing()
                .correlation("again-and-again", CorrelationRule.Type.EVENT_COUNT, "many-fails")
                .bound(Operator.GTE, 2)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules);
        for (int i = 0; i < 5; i++) {
            scenario.observe(signals.point("fail", T + i));
        }
        scenario.idle(3_600);
        assertThat(scenario.incidents)
                .as("five make one match and a rest of two")
                .isEmpty();
        for (int i = 0; i < 6; i++) {
            scenario.observe(signals.point("fail", T + 4_000 + i));
        }
        scenario.idle(3_600);
        assertThat(rules(scenario.only())).contains("again-and-again");
    }

    @Test
    void followsOnACorrelationOnlyOnceItIsComplete() {
        RuleSet rules = guessing()
                .correlation("guessed", CorrelationRule.Type.TEMPORAL_ORDERED, "many-fails", "success")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.point("fail", T), signals.point("fail", T + 1), signals.point("success", T + 2))
                .observe(signals.point("fail", T + 3));
        assertThat(scenario.incidents).as("two failures before the success").isEmpty();
        scenario.observe(signals.point("success", T + 4));
        assertThat(rules(scenario.only())).contains("guessed");
    }

    @Test
    void joinsACorrelationOnlyIfItIsCompleteWithinTheTimespanWhateverCameFirst() {
        RuleSet rules = new Book()
                .detections("fail", "shell")
                .correlation("many-fails", CorrelationRule.Type.EVENT_COUNT, "fail")
                .within(Duration.ofHours(1))
                .bound(Operator.GTE, 2)
                .add()
                .correlation("both", CorrelationRule.Type.TEMPORAL, "many-fails", "shell")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Signal[] all = {signals.point("fail", T), signals.point("shell", T + 1), signals.point("fail", T + 800)};
        Scenario shellFirst = new Scenario(rules).observe(all);
        Scenario shellLast = new Scenario(rules).observe(all[0], all[2], all[1]);
        assertThat(shellFirst.incidents).isEmpty();
        assertThat(shellLast.incidents).isEmpty();
        assertThat(shellLast.observe(signals.point("shell", T + 700)).incidents).hasSize(1);
    }

    @Test
    void countsAMatchOnceThoughAnotherCorrelationLooksAtWhatTakesPartInIt() {
        RuleSet rules = guessing()
                .correlation("again-and-again", CorrelationRule.Type.EVENT_COUNT, "many-fails")
                .bound(Operator.GTE, 2)
                .add()
                .correlation("guessed", CorrelationRule.Type.TEMPORAL, "many-fails", "success")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.point("fail", T), signals.point("fail", T + 1), signals.point("fail", T + 2))
                .idle(3_600);
        assertThat(scenario.matches).extracting(Match::ruleId).containsOnly("many-fails");
    }

    @Test
    void decidesACorrelationBeforeTheOneThatAsksForItsAbsence() {
        RuleSet rules = new Book()
                .detections("login")
                .correlation("few", CorrelationRule.Type.EVENT_COUNT, "login")
                .bound(Operator.LT, 3)
                .add()
                .correlation("anything-but-few", CorrelationRule.Type.TEMPORAL, "login")
                .absent("few")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario =
                new Scenario(rules).observe(signals.point("login", T)).idle(3_600);
        assertThat(scenario.matches).extracting(Match::ruleId).containsExactly("few");
    }

    @Test
    void groupsEachCorrelationOfAChainByItsOwnFields() {
        RuleSet rules = new Book()
                .detections("fail", "success")
                .correlation("many-fails", CorrelationRule.Type.EVENT_COUNT, "fail")
                .groupBy("host")
                .bound(Operator.GTE, 3)
                .add()
                .correlation("guessed", CorrelationRule.Type.TEMPORAL_ORDERED, "many-fails", "success")
                .groupBy("user")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules);
        for (int i = 0; i < 3; i++) {
            scenario.observe(signals.grouped("fail", T + i, Map.of("host", "h", "user", "u" + i)));
        }
        scenario.observe(signals.grouped("success", T + 9, Map.of("host", "other", "user", "u9")));
        assertThat(scenario.incidents).as("nobody of that name failed").isEmpty();
        scenario.observe(signals.grouped("success", T + 9, Map.of("host", "other", "user", "u1")));
        assertThat(scenario.only().key()).isEqualTo("demo/group/[user]=[u1]");
    }

    @Test
    void reportsOnThePodWhatAChainBeganWithAUser() {
        RuleSet rules = new Book()
                .detections("read", "exec")
                .correlation("many-reads", CorrelationRule.Type.EVENT_COUNT, "read")
                .groupBy("user.username")
                .bound(Operator.GTE, 2)
                .add()
                .correlation("then-exec", CorrelationRule.Type.TEMPORAL_ORDERED, "many-reads", "exec")
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.grouped("read", T, Map.of("user.username", "eve")))
                .observe(signals.grouped("read", T + 1, Map.of("user.username", "eve")))
                .observe(signals.grouped("exec", T + 9, Map.of("user.username", "eve")));
        assertThat(scenario.only().key()).isEqualTo(Signals.KEY);
        assertThat(scenario.only().subject().kind()).isEqualTo(Subject.Kind.POD);
        assertThat(scenario.only().subject().name()).isEqualTo("tomcat-1");
        assertThat(scenario.only().subject().uid()).isEqualTo("uid-1");
    }

    @Test
    void isMadeThoughCountlessWaysLeadThroughItsCorrelations() {
        Book book = new Book().detections("a0", "a1", "a2", "a3", "a4", "a5");
        String below = "a";
        for (int level = 1; level <= 12; level++) {
            String[] over = new String[6];
            for (int i = 0; i < over.length; i++) {
                over[i] = below + i;
            }
            below = "level" + level + "-";
            for (int i = 0; i < over.length; i++) {
                book.correlation(below + i, CorrelationRule.Type.TEMPORAL, over).add();
            }
        }
        RuleSet lattice = book.set();
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> new Scenario(lattice).observe(new Signals(lattice, "uid-1").point("a0", T)));
    }

    @Test
    void joinsDifferentFieldsUnderAnAlias() {
        Map<String, Map<String, String>> aliases = Map.of("ip", Map.of("scan", "source", "shell", "destination"));
        RuleSet rules = new Book()
                .detections("scan", "shell")
                .correlation("scanned-and-shelled", CorrelationRule.Type.TEMPORAL, "scan", "shell")
                .groupBy("ip")
                .aliases(aliases)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.grouped("scan", T, Map.of("source", "1.2.3.4", "destination", "9.9.9.9")))
                .observe(signals.grouped("shell", T + 1, Map.of("source", "1.2.3.4", "destination", "8.8.8.8")));
        assertThat(scenario.incidents).isEmpty();
        scenario.observe(signals.grouped("shell", T + 2, Map.of("source", "9.9.9.9", "destination", "1.2.3.4")));
        assertThat(scenario.incidents).hasSize(1);
    }

    @Test
    void reportsAGroupOfPodAndAnotherFieldOnThePod() {
        RuleSet rules = new Book()
                .detections("open")
                .correlation("same-file", CorrelationRule.Type.EVENT_COUNT, "open")
                .groupBy("pod", "file")
                .bound(Operator.GTE, 2)
                .add()
                .set();
        Signals signals = new Signals(rules, "uid-1");
        Scenario scenario = new Scenario(rules)
                .observe(signals.grouped("open", T, Map.of("file", "a")))
                .observe(signals.grouped("open", T + 1, Map.of("file", "b")));
        assertThat(scenario.incidents).isEmpty();
        scenario.observe(signals.grouped("open", T + 2, Map.of("file", "a")));
        assertThat(scenario.only().key()).isEqualTo(Signals.KEY);
        assertThat(scenario.only().subject().uid()).isEqualTo("uid-1");
        assertThat(scenario.only().findings().evidence()).hasSize(2);
    }

    private static List<String> rules(Incident incident) {
        return incident.findings().contributions().stream()
                .map(each -> each.ruleId())
                .toList();
    }
}
