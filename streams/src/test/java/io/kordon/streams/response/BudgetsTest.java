package io.kordon.streams.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kordon.streams.response.Budgets.Outcome;
import io.kordon.streams.response.Budgets.Request;
import io.kordon.streams.response.Budgets.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetsTest {
    private static final long SECOND = 1_000_000;
    private static final long START = 1_800_000_000L * SECOND;
    private static final Budgets THREE_TWO_ONE = new Budgets(Duration.ofMinutes(10), 3, 2, 1);

    private BudgetLedger ledger = BudgetLedger.EMPTY;

    @Test
    void holdsWhatIsBeyondTheNarrowestBudgetAndSaysWhich() {
        Budgets budgets = THREE_TWO_ONE;
        assertThat(ask(budgets, containment("i1", "shop", "Deployment/cart", 0)))
                .isEmpty();
        assertThat(ask(budgets, containment("i2", "shop", "Deployment/cart", 1)))
                .isEqualTo(
                        "the budget of the workload Deployment/cart in shop is used up: 1 containments within 10m, and"
                                + " the limit is 1");
        assertThat(ask(budgets, containment("i3", "shop", "Deployment/web", 2))).isEmpty();
        assertThat(ask(budgets, containment("i4", "shop", "Deployment/db", 3)))
                .isEqualTo(
                        "the budget of the namespace shop is used up: 2 containments within 10m, and the limit is 2");
        assertThat(ask(budgets, containment("i5", "bank", "Deployment/cart", 4)))
                .as("a workload of the same name elsewhere is another")
                .isEmpty();
        assertThat(ask(budgets, containment("i6", "post", null, 5)))
                .isEqualTo("the budget of the cluster is used up: 3 containments within 10m, and the limit is 3");
    }

    @Test
    void countsBarePodsForNamespaceAndClusterOnly() {
        Budgets budgets = new Budgets(Duration.ofMinutes(10), 10, 2, 1);
        assertThat(ask(budgets, containment("i1", "shop", null, 0))).isEmpty();
        assertThat(ask(budgets, containment("i2", "shop", null, 1))).isEmpty();
        assertThat(ask(budgets, containment("i3", "shop", null, 2))).contains("namespace shop");
    }

    @Test
    void letsSlideTheWindowRatherThanStartAnew() {
        Budgets budgets = new Budgets(Duration.ofSeconds(10), 2, -1, -1);
        assertThat(ask(budgets, containment("i1", "a", null, 0))).isEmpty();
        assertThat(ask(budgets, containment("i2", "a", null, 9))).isEmpty();
        assertThat(ask(budgets, containment("i3", "a", null, 9))).isNotEmpty();
        assertThat(ask(budgets, containment("i4", "a", null, 10)))
                .as("i1 has left")
                .isEmpty();
        assertThat(ask(budgets, containment("i5", "a", null, 18))).isNotEmpty();
        assertThat(ask(budgets, containment("i6", "a", null, 19))).isEmpty();
    }

    @Test
    void countsTheCommandsOfOneIncidentOnce() {
        Budgets budgets = new Budgets(Duration.ofMinutes(10), 1, -1, -1);
        assertThat(ask(budgets, containment("i1", "a", null, 0))).isEmpty();
        assertThat(ask(budgets, containment("i1", "a", null, 0)))
                .as("another playbook")
                .isEmpty();
        assertThat(ask(budgets, containment("i1", "a", null, 60)))
                .as("an escalation")
                .isEmpty();
        assertThat(ask(budgets, containment("i2", "a", null, 61))).isNotEmpty();
        assertThat(ask(budgets, containment("i2", "a", null, 659)))
                .as("the escalation goes on counting")
                .isNotEmpty();
        assertThat(ask(budgets, containment("i2", "a", null, 660))).isEmpty();
    }

    @Test
    void decidesAsBeforeWhenACommandComesAgain() {
        Budgets budgets = new Budgets(Duration.ofMinutes(10), 2, -1, -1);
        List<Request> requests = List.of(
                containment("i1", "a", null, 0), containment("i2", "a", null, 5), containment("i3", "a", null, 6));
        List<String> first = requests.stream().map(each -> ask(budgets, each)).toList();
        BudgetLedger after = ledger;

        assertThat(requests.stream().map(each -> ask(budgets, each)).toList()).isEqualTo(first);
        assertThat(ledger).isEqualTo(after);
    }

    @Test
    void findsTheFullWindowAroundACommandThatComesLate() {
        Budgets budgets = new Budgets(Duration.ofSeconds(10), 2, -1, -1);
        assertThat(ask(budgets, containment("i1", "a", null, 12))).isEmpty();
        assertThat(ask(budgets, containment("i2", "a", null, 15))).isEmpty();
        assertThat(ask(budgets, containment("late", "a", null, 6)))
                .as("6 to 16")
                .isNotEmpty();
        assertThat(ask(budgets, containment("later", "a", null, 5)))
                .as("a window from 5 ends before 15")
                .isEmpty();
    }

    @Test
    void countsWhatIsOlderThanItsMemoryAtTheEdgeOfIt() {
        Budgets budgets = new Budgets(Duration.ofSeconds(10), 1, -1, -1);
        assertThat(ask(budgets, containment("i1", "a", null, 1_000))).isEmpty();
        assertThat(ask(budgets, containment("i2", "a", null, 1))).isEmpty();
        assertThat(ask(budgets, containment("i3", "a", null, 2))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "true, false, isolate, EXEMPT",
        "false, true, isolate, EXEMPT",
        "false, false, isolate, HELD",
        "false, false, label, EXEMPT",
        "false, false, capture, EXEMPT",
        "false, false, release, EXEMPT",
        "false, false, scale, HELD",
        "false, false, something-new, HELD",
    })
    void neverHoldsNorCountsWhatTakesNothingFromAPodOrWasApproved(
            boolean dryRun, boolean approved, String action, Outcome outcome) {
        Budgets none = new Budgets(Duration.ofMinutes(10), 0, 0, 0);
        Request request = new Request("i", "a", null, Budgets.harmless(action, Map.of()), dryRun, approved, START);
        Ruling ruling = none.admit(BudgetLedger.EMPTY, request);

        assertThat(ruling.outcome()).isEqualTo(outcome);
        assertThat(ruling.ledger().containments()).isEmpty();
        assertThat(ruling.reason()).isNotEmpty();
    }

    @Test
    void countsALabelThatThePlaybookNamesForServicesAndPoliciesMaySelectByIt() {
        assertThat(Budgets.harmless("label", Map.of())).isTrue();
        assertThat(Budgets.harmless("label", Map.of("labels", "app=none"))).isFalse();
        assertThat(Budgets.harmless("capture", Map.of("exec", "false"))).isTrue();
    }

    @Test
    void holdsEverythingWhereALimitIsNoneAtAllAndNothingWhereThereIsNoLimit() {
        assertThat(ask(new Budgets(Duration.ofMinutes(10), 0, -1, -1), containment("i", "a", null, 0)))
                .isEqualTo("the budget of the cluster is used up: 0 containments within 10m, and the limit is 0");
        Budgets unlimited = new Budgets(Duration.ofMinutes(10), -1, -1, -1);
        for (int i = 0; i < 600; i++) {
            assertThat(ask(unlimited, containment("i" + i, "a", "Deployment/d", i)))
                    .isEmpty();
        }
    }

    @Test
    void staysBoundedWithoutLimits() {
        Budgets unlimited = new Budgets(Duration.ofHours(1), -1, -1, -1);
        for (int i = 0; i < BudgetLedger.MOST; i++) {
            assertThat(ask(unlimited, containment("i" + i, "a", null, 1))).isEmpty();
        }
        assertThat(ask(unlimited, containment("one more", "a", null, 1)))
                .contains("ledger")
                .contains("full");
        assertThat(ledger.containments()).hasSize(BudgetLedger.MOST);
        assertThat(ask(unlimited, containment("later", "a", null, 8_000))).isEmpty();
        assertThat(ledger.containments()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 501})
    void refusesLimitsThatNobodyCanMean(int limit) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Budgets(Duration.ofMinutes(10), limit, 5, 2))
                .withMessageContaining("per cluster is " + limit);
    }

    /** Of all unapproved containments admitted, no window of time holds more incidents than the limits say. */
    @Property(tries = 300)
    void neverAdmitsMoreInAnyWindowWhateverTheOrder(@ForAll("floods") List<Request> requests) {
        Budgets budgets = new Budgets(Duration.ofSeconds(60), 4, 3, 2);
        BudgetLedger state = BudgetLedger.EMPTY;
        List<Request> admitted = new ArrayList<>();
        for (Request request : requests) {
            Ruling ruling = budgets.admit(state, request);
            state = ruling.ledger();
            assertThat(ruling.outcome() == Outcome.EXEMPT).isEqualTo(request.approved() || request.dryRun());
            if (ruling.outcome() == Outcome.ADMITTED) {
                admitted.add(request);
            }
            Ruling again = budgets.admit(state, request);
            assertThat(again.outcome()).isEqualTo(ruling.outcome());
            assertThat(again.ledger()).isEqualTo(state);
        }
        for (Request first : admitted) {
            assertThat(incidents(admitted, first.issuedAt(), each -> true)).isLessThanOrEqualTo(4);
            assertThat(incidents(admitted, first.issuedAt(), each -> sameNamespace(each, first)))
                    .isLessThanOrEqualTo(3);
            assertThat(incidents(
                            admitted,
                            first.issuedAt(),
                            each -> sameNamespace(each, first)
                                    && first.owner() != null
                                    && first.owner().equals(each.owner())))
                    .isLessThanOrEqualTo(2);
        }
    }

    /** Issued over five minutes, each known up to a window (a minute) after one that was issued later. */
    @Provide
    Arbitrary<List<Request>> floods() {
        Arbitrary<Request> request = Combinators.combine(
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.of("a", "b"),
                        Arbitraries.of("Deployment/x", "Deployment/y", "none"),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.longs().between(0, 300 * SECOND))
                .as((incident, namespace, owner, kind, at) -> new Request(
                        "i" + incident,
                        namespace,
                        owner.equals("none") ? null : owner,
                        false,
                        kind == 0,
                        kind == 1,
                        START + at));
        Arbitrary<List<Integer>> delays =
                Arbitraries.integers().between(0, 59).list().ofSize(80);
        return Combinators.combine(request.list().ofMinSize(1).ofMaxSize(80), delays)
                .as((requests, late) -> {
                    List<Integer> order = new ArrayList<>();
                    for (int i = 0; i < requests.size(); i++) {
                        order.add(i);
                    }
                    order.sort((one, other) -> Long.compare(
                            requests.get(one).issuedAt() + late.get(one) * SECOND,
                            requests.get(other).issuedAt() + late.get(other) * SECOND));
                    return order.stream().map(requests::get).toList();
                });
    }

    private static int incidents(List<Request> admitted, long from, Predicate<Request> meant) {
        Set<String> incidents = new HashSet<>();
        admitted.stream()
                .filter(each -> each.issuedAt() >= from && each.issuedAt() < from + 60 * SECOND)
                .filter(meant)
                .forEach(each -> incidents.add(each.incidentId()));
        return incidents.size();
    }

    private static boolean sameNamespace(Request one, Request other) {
        return one.namespace() != null && one.namespace().equals(other.namespace());
    }

    /** Returns why it is held; empty if it is admitted. */
    private String ask(Budgets budgets, Request request) {
        Ruling ruling = budgets.admit(ledger, request);
        ledger = ruling.ledger();
        assertThat(ruling.reason().isEmpty()).isEqualTo(ruling.outcome() == Outcome.ADMITTED);
        return ruling.reason();
    }

    private static Request containment(String incident, String namespace, String owner, long seconds) {
        return new Request(incident, namespace, owner, false, false, false, START + seconds * SECOND);
    }
}
