package io.kordon.app.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.config.SettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    /** A forged line, a colour, a C1 control sequence, a line separator, and text that runs backwards. */
    private static final String HOSTILE =
            "pod\r\n2026-01-01T00:00:00.000Z ERROR [main] forged\u001b[31m\u009b2J\u2028\u202e\0\t\"}";

    private final LoggerContext context = new LoggerContext();

    @Test
    void writesOneJsonObjectALineInEcs() throws IOException {
        byte[] line = EcsLines.of(context, "kordon-actuator", "1.2.3")
                .encode(event("done", Map.of("incident", "inc-1", "pod", "c/ns/p", "command", "cmd-1"), null));

        JsonNode json = new ObjectMapper().readTree(line);
        assertThat(json.path("@timestamp").asText()).isEqualTo("2026-11-24T12:00:00.000Z");
        assertThat(json.path("log.level").asText()).isEqualTo("WARN");
        assertThat(json.path("message").asText()).isEqualTo("done");
        assertThat(json.path("service.name").asText()).isEqualTo("kordon-actuator");
        assertThat(json.path("service.version").asText()).isEqualTo("1.2.3");
        assertThat(json.path("log.logger").asText()).isEqualTo("io.kordon.kubernetes.Lane");
        assertThat(json.path("ecs.version").asText()).isNotEmpty();
        assertThat(json.path("incident").asText()).isEqualTo("inc-1");
        assertThat(json.path("pod").asText()).isEqualTo("c/ns/p");
        assertThat(json.path("command").asText()).isEqualTo("cmd-1");
    }

    @Test
    void keepsHostileTextWholeAndHarmlessInEcs() throws IOException {
        byte[] line = EcsLines.of(context, "kordon-gateway", "")
                .encode(event(HOSTILE, Map.of("pod", HOSTILE), new IllegalStateException(HOSTILE)));

        String text = new String(line, StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n");
        assertThat(text.substring(0, text.length() - 1)).matches("[ -~]*");
        JsonNode json = new ObjectMapper().readTree(text);
        assertThat(json.path("message").asText()).isEqualTo(HOSTILE);
        assertThat(json.path("pod").asText()).isEqualTo(HOSTILE);
        assertThat(json.path("error.message").asText()).isEqualTo(HOSTILE);
    }

    @Test
    void keepsLettersOfAllLanguagesAsTheyAre() {
        byte[] line = EcsLines.of(context, "kordon", "").encode(event("größer 漢字 😀", Map.of(), null));

        assertThat(new String(line, StandardCharsets.UTF_8)).contains("größer 漢字 😀");
    }

    @Test
    void lineForAPersonCannotBeForged() {
        String text =
                new TextLayout().doLayout(event(HOSTILE, Map.of("pod", HOSTILE), new IllegalStateException(HOSTILE)));

        assertThat(text)
                .startsWith("2026-11-24T12:00:00.000Z WARN  [worker] ")
                .contains(".Lane pod··2026-01-01T")
                .contains(" pod=pod··2026")
                .contains("\n    java.lang.IllegalStateException: pod");
        assertThat(text.replace("\n", "")).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
        assertThat(text.lines().filter(line -> line.startsWith("2"))).hasSize(1);
    }

    @Test
    void namesTheVariableThatCannotBe() {
        assertThatThrownBy(() -> Logging.configure(Map.of("KORDON_LOG_FORMAT", "xml", "KORDON_LOG_LEVEL", "LOUD"), "x"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("KORDON_LOG_FORMAT is 'xml'")
                .hasMessageContaining("text or ecs")
                .hasMessageContaining("KORDON_LOG_LEVEL is 'LOUD'");
    }

    private LoggingEvent event(String message, Map<String, String> mdc, @Nullable Throwable thrown) {
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("io.kordon.kubernetes.Lane"), Level.WARN, "{}", thrown, new Object[] {message});
        event.setInstant(Instant.parse("2026-11-24T12:00:00Z"));
        event.setThreadName("worker");
        event.setMDCPropertyMap(mdc);
        return event;
    }
}
