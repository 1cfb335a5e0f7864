package io.kordon.app.incidents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kordon.app.demo.Incidents;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Level;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** The example's incident is critical, contained, in the namespace tomcat, and was heard of last at 10:00:05. */
class SelectionTest {
    private final Incident incident = Incidents.contained();

    @ParameterizedTest
    @CsvSource({
        "--open, true",
        "--all, true",
        "--severity=high, true",
        "--severity=CRITICAL, true",
        "--namespace=tomcat, true",
        "--namespace=shop, false",
        "--namespace=shop -n tomcat, true",
        "--since=2026-11-24T10:00:05Z, true",
        "--since=2026-11-24T10:00:06Z, false",
        "--since=1h, false",
        "--severity=high --namespace=shop, false",
        "--status=contained, true",
        "--status=AWAITING_APPROVAL, false",
        "--status=awaiting-approval --status=CONTAINED, true",
    })
    void selectsBySeverityNamespaceAndTime(String options, boolean selected) {
        assertThat(of(options.split(" ", -1)).matches(incident)).isEqualTo(selected);
    }

    @Test
    void leavesOutLowerSeverities() {
        incident.setSeverity(Level.MEDIUM);
        assertThat(of("--severity=high").matches(incident)).isFalse();
        incident.setSeverity(Level.UNKNOWN);
        assertThat(of().matches(incident)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLOSED", "DISMISSED"})
    void leavesOutWhatHasEndedUnlessAllAreAskedFor(IncidentStatus status) {
        incident.setStatus(status);
        assertThat(of().matches(incident)).isFalse();
        assertThat(of("--open").matches(incident)).isFalse();
        assertThat(of("--all").matches(incident)).isTrue();
    }

    @Test
    void takesWhatHasEndedIfItsStatusIsAskedFor() {
        incident.setStatus(IncidentStatus.CLOSED);
        assertThat(of("--status=closed").matches(incident)).isTrue();
        assertThat(of("--status=released").matches(incident)).isFalse();
    }

    @Test
    void takesTimesBackFromNow() {
        incident.getTimeline().setLastEvidenceAt(Instant.now().minus(Duration.ofMinutes(90)));
        assertThat(of("--since=2h").matches(incident)).isTrue();
        assertThat(of("--since=1h").matches(incident)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--severity=grave",
                "--severity=unknown",
                "--status=fine",
                "--status=unknown",
                "--since=yesterday",
                "--since=2026-13-01T00:00:00Z",
                "--since=",
                "--since=999999999999999d",
            })
    void refusesWhatIsNoLevelOrTime(String option) {
        assertThatThrownBy(() -> of(option))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(option.substring(0, option.indexOf('=')))
                .hasMessageNotContaining("Exception");
    }

    private static Selection of(String... options) {
        Holder holder = new Holder();
        new CommandLine(holder).parseArgs(options);
        return holder.selection;
    }

    @Command
    private static final class Holder {
        @Mixin
        private Selection selection = new Selection();
    }
}
