package io.kordon.app.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.detection.Event;
import io.kordon.streams.json.JsonEvent;
import io.kordon.streams.json.JsonFormat;
import io.kordon.streams.json.JsonTree;
import io.kordon.streams.rule.LogSource;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
    private static final long NOON = Instant.parse("2026-11-24T12:00:00Z").getEpochSecond() * 1_000_000;

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T12:00:00Z,0",
        "2026-11-24T12:00:00.123456789Z,123456",
        "2026-11-24T14:00:00.5+02:00,500000",
        "2026-11-24T07:00:00-05:00,0",
        "2026-11-24 12:00:00.250,250000",
        "2026-11-24T12:00,0",
        "1795521600,0",
        "1795521600.25,250000",
        "1795521600123,123000",
        "1795521600123456,123456",
        "1795521600123456789,123456"
    })
    void readsTimesAsSendersWriteThem(String text, long expected) {
        assertThat(EventTime.of(text)).isEqualTo(NOON + expected);
        if (!text.contains("-")) {
            assertThat(EventTime.of(text.contains(".") ? (Object) Double.valueOf(text) : Long.valueOf(text)))
                    .isEqualTo(NOON + expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "noon",
                "2026-13-24T12:00:00Z",
                "2026-11-24",
                "1e999999",
                "999999999999999999999999",
                "-",
                "+-.e"
            })
    void takesNothingElseForATime(String text) {
        assertThat(EventTime.of(text)).isNull();
    }

    @Test
    void looksWhereTheFormatHasTheTime() {
        assertThat(new EventTime(null).of(event("{\"x\":1,\"@timestamp\":\"2026-11-24T12:00:00Z\"}")))
                .isEqualTo(NOON);
        assertThat(new EventTime("a.b").of(event("{\"time\":1,\"a\":{\"b\":1795521600}}")))
                .isEqualTo(NOON);
        assertThat(new EventTime("a").of(event("{\"time\":1}"))).isNull();
        assertThat(new EventTime(null).of(event("""
                        {"auditID":"a","requestObject":{"time":1},"stageTimestamp":"2026-11-24T12:00:00Z"}""")))
                .as("not a time of the request's object")
                .isEqualTo(NOON);
        assertThat(new EventTime(null)
                        .of(event("{\"rule\":\"r\",\"output_fields\":{\"evt.time\":1795521600000000000}}")))
                .isEqualTo(NOON);
    }

    private static Event event(String json) {
        JsonTree tree = JsonTree.of(json);
        JsonFormat format = JsonFormat.of(tree);
        return format == null
                ? new JsonEvent(new LogSource("x", null, null), tree)
                : format.events(tree).get(0);
    }
}
