package io.kordon.streams.senders;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.correlation.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alertmanager's intervals and Kordon's have to fit; that the files are right is amtool's to say. */
class AlertmanagerRoutesTest {
    @ParameterizedTest
    @ValueSource(strings = {"alertmanager.yml", "alertmanager-basic.yml", "alertmanager-mtls.yml"})
    void repeatOftenEnoughForOneNotificationToBeLost(String file) {
        Map<?, ?> document = SenderFiles.document("alertmanager/" + file);
        Map<?, ?> kordon =
                SenderFiles.maps(SenderFiles.at(document, "route", "routes")).get(0);
        assertThat(kordon.get("receiver")).isEqualTo("kordon");
        assertFits(kordon.get("group_wait"), kordon.get("group_interval"), kordon.get("repeat_interval"));
        Map<?, ?> receiver = SenderFiles.maps(document.get("receivers")).stream()
                .filter(each -> each.get("name").equals("kordon"))
                .findFirst()
                .orElseThrow();
        Map<?, ?> webhook = SenderFiles.maps(receiver.get("webhook_configs")).get(0);
        assertThat(webhook.get("send_resolved")).isEqualTo(true);
        assertThat(webhook.containsKey("max_alerts"))
                .as("what is beyond would not be sent")
                .isFalse();
    }

    @Test
    void areTheSameForTheOperator() {
        Map<?, ?> route = (Map<?, ?>)
                SenderFiles.at(SenderFiles.document("alertmanager/alertmanagerconfig.yaml"), "spec", "route");
        assertFits(route.get("groupWait"), route.get("groupInterval"), route.get("repeatInterval"));
        assertThat(route.get("groupBy")).isEqualTo(List.of("alertname", "namespace"));
    }

    /** A group is looked at every group interval, and sent again when the repeat interval is over by then. */
    private static void assertFits(Object wait, Object group, Object repeat) {
        Duration between = duration(repeat).plus(duration(group));
        assertThat(between.multipliedBy(2)).isLessThan(Policy.DEFAULT.alertHold());
        assertThat(duration(wait)).isLessThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(duration(group)).isLessThanOrEqualTo(Duration.ofSeconds(30));
    }

    private static Duration duration(Object text) {
        return Duration.parse("PT" + ((String) text).toUpperCase(Locale.ROOT));
    }
}
