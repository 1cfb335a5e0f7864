package io.kordon.decoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kordon.schemas.Rejection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordLimitTest {
    private static final RecordLimit LIMIT = new RecordLimit(64 * 1024);

    @Test
    void leavesRoomForWhatARecordCostsBesideItsValue() {
        assertThat(LIMIT.fits(new byte[1024], new byte[62 * 1024])).isTrue();
        assertThat(LIMIT.fits(new byte[1025], new byte[62 * 1024])).isFalse();
    }

    @Test
    void cutsWhatIsRejectedAndSaysSo() {
        Decoded.Rejected item = new Decoded.Rejected("json.syntax", null, "x", Slice.of(new byte[100_000]));
        Rejection rejection = LIMIT.rejection("gateway", item, 3, Map.of("path", "/v1/falco"), Decoding.ORIGIN);

        assertThat(LIMIT.kept(item)).hasSize(48 * 1024);
        assertThat(rejection.coordinates())
                .containsOnly(
                        Map.entry("path", "/v1/falco"),
                        Map.entry("item", "3"),
                        Map.entry("cluster", "demo"),
                        Map.entry("sender", "anonymous"),
                        Map.entry("bytes", "100000"),
                        Map.entry("truncated", "49152"));
    }

    @Test
    void keepsWhatIsSmallWhole() {
        Decoded.Rejected item = new Decoded.Rejected("json.syntax", null, "x", Slice.of(new byte[] {'{'}));

        assertThat(LIMIT.kept(item)).containsExactly('{');
        assertThat(LIMIT.rejection("gateway", item, 0, Map.of(), Decoding.ORIGIN)
                        .coordinates())
                .doesNotContainKey("truncated");
    }

    @Test
    void refusesRecordsInWhichNoRejectionHasRoom() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordLimit(1024));
    }
}
