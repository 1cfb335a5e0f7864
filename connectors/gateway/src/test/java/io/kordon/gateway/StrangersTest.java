package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StrangersTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may overflow
    private final Strangers strangers = new Strangers(nanos::get);

    @Test
    void writesSoManyLinesAMinuteAndNoMore() {
        assertThat(logged(1_000)).isEqualTo(Strangers.MOST);
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(logged(10)).isZero();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(logged(10)).isEqualTo(10);
    }

    private long logged(int refusals) {
        return IntStream.range(0, refusals)
                .filter(refusal -> strangers.mayBeLogged())
                .count();
    }
}
