package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.kordon.avro.Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class PodLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final Instant BORN = Instant.parse("2026-11-24T09:00:00Z");

    private final PodLedger ledger = new PodLedger("demo", new Workloads(), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void theEndOfAPodThatWasSeenGoIsWhenItWasSeen() {
        ledger.seen(pod("one", BORN));
        assertThat(ledger.gone(pod("one", BORN))).extracting(Pod::getDeletedAt).containsExactly(NOW);
    }

    @Test
    void theEndOfAPodThatNobodySawGoIsNoLaterThanTheSecondOfItsSuccessor() {
        ledger.seen(pod("one", BORN));
        List<Pod> write = ledger.seen(pod("two", BORN.plusSeconds(600)));
        assertThat(write).extracting(pod -> pod.getEntity().getUid()).containsExactly("one", "two");
        assertThat(write.get(0).getDeletedAt()).isEqualTo(BORN.plusSeconds(601));
        assertThat(write.get(0).getObservedAt()).isEqualTo(NOW);
    }

    @Test
    void noPodEndsBeforeItBeganOrInTheFutureWhateverClocksSay() {
        ledger.seen(pod("one", BORN));
        assertThat(ledger.seen(pod("two", BORN.minusSeconds(600))).get(0).getDeletedAt())
                .isEqualTo(BORN);
        assertThat(ledger.seen(pod("three", NOW.plusSeconds(600))).get(0).getDeletedAt())
                .isEqualTo(NOW);
    }

    @Test
    void whatIsGoneDoesNotComeBackByALateEcho() {
        ledger.seen(pod("one", BORN));
        ledger.gone(pod("one", BORN));
        assertThat(ledger.seen(pod("one", BORN))).isEmpty();
        assertThat(ledger.gone(pod("one", BORN))).isEmpty();
    }

    @Test
    void theEndOfAPodWhoseNameAnotherBearsIsNotWrittenOverThatOne() {
        ledger.seen(pod("one", BORN));
        ledger.seen(pod("two", BORN.plusSeconds(600)));
        assertThat(ledger.gone(pod("one", BORN))).isEmpty();
    }

    @Test
    void owesEveryEndAndOfEachKeyTheLastWord() {
        Pod one = ledger.seen(pod("one", BORN)).get(0);
        ledger.notWritten(one);
        Pod end = ledger.gone(pod("one", BORN)).get(0);
        ledger.notWritten(end);
        assertThat(ledger.owed()).containsExactly(end);

        ledger.notWritten(end);
        Pod two = ledger.seen(pod("two", BORN.plusSeconds(600))).get(0);
        assertThat(ledger.owed()).containsExactly(end, two);
        assertThat(ledger.owed()).isEmpty();
    }

    @Test
    void forgetsWhatEndedLongAgoUnlessItsTombstoneWasNotWritten() {
        Pod old = PodRecords.deleted(PodRecords.of("demo", pod("one", BORN), BORN), NOW.minus(Duration.ofDays(2)));
        ledger.load(old.getEntity().getKey(), old);
        assertThat(ledger.expired(Duration.ofDays(1))).containsExactly(old);
        assertThat(ledger.expired(Duration.ofDays(1))).isEmpty();

        ledger.notForgotten(old);
        assertThat(ledger.expired(Duration.ofDays(1))).containsExactly(old);
    }

    private static io.fabric8.kubernetes.api.model.Pod pod(String uid, Instant created) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("web-0")
                .withUid(uid)
                .withCreationTimestamp(created.toString())
                .endMetadata()
                .build();
    }
}
