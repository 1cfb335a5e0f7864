package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NoncesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final Nonces nonces = new Nonces();

    @Test
    void tellsTheSameNonceForAsLongAsItsTimeIsTaken() {
        assertThat(add("a", 0, "n", 0)).isEqualTo(Nonces.Seen.NEW);
        assertThat(add("a", 0, "n", 30)).isEqualTo(Nonces.Seen.BEFORE);
        assertThat(add("a", 30, "m", 0)).as("from a clock that is ahead").isEqualTo(Nonces.Seen.NEW);
        assertThat(add("a", 30, "m", 60)).isEqualTo(Nonces.Seen.BEFORE);
    }

    @Test
    void keepsSendersApart() {
        assertThat(add("a", 0, "n", 0)).isEqualTo(Nonces.Seen.NEW);
        assertThat(add("b", 0, "n", 0)).isEqualTo(Nonces.Seen.NEW);
    }

    @Test
    void refusesOneSenderThatFillsItsRoomAndForgetsInTime() {
        for (int i = 0; i < Nonces.MOST; i++) {
            add("a", i % 30, "n" + i, 0);
        }
        assertThat(add("a", 0, "one more", 0)).isEqualTo(Nonces.Seen.FULL);
        assertThat(add("a", 0, "n0", 0)).as("what is remembered is still told").isEqualTo(Nonces.Seen.BEFORE);
        assertThat(add("b", 0, "n", 0)).isEqualTo(Nonces.Seen.NEW);
        assertThat(add("a", 61, "later", 61)).isEqualTo(Nonces.Seen.NEW);
    }

    private Nonces.Seen add(String sender, int signed, String nonce, int now) {
        SignedRequest request = new SignedRequest(sender, NOW.getEpochSecond() + signed, nonce, "");
        return nonces.add(request, NOW.plusSeconds(now), WINDOW);
    }
}
