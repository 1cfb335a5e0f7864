package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesNamesTest {
    @ParameterizedTest
    @CsvSource({"shop,cart-6d4cf56db6-9q7wz", "kube-system,kube-proxy-x", "a,web-0.web", "0,0"})
    void knowsThePodsThatAnApiServerWouldTake(String namespace, String name) {
        assertThat(KubernetesNames.isPod(namespace, name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kube-system/pods/victim#",
                "kube-system/pods/victim?x=",
                "../../etc",
                "%2e%2e",
                "Shop",
                "-a",
                "a-",
                "a b",
                "a\n",
                "a.b",
                "ä",
                "<b>"
            })
    void takesNothingElseForANamespace(String namespace) {
        assertThat(KubernetesNames.isNamespace(namespace)).isFalse();
        assertThat(KubernetesNames.isNamespace(null)).isFalse();
    }

    @Test
    void boundsLengthsAndTime() {
        assertThat(KubernetesNames.isNamespace("a".repeat(63))).isTrue();
        assertThat(KubernetesNames.isNamespace("a".repeat(64))).isFalse();
        assertThat(KubernetesNames.isName("a".repeat(253))).isTrue();
        assertThat(KubernetesNames.isName("a".repeat(254))).isFalse();
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> KubernetesNames.isName("a-".repeat(126) + "."));
        assertThat(KubernetesNames.uid("0f8fad5b-d9cb-469f-a165-70867728950e")).isNotNull();
        assertThat(KubernetesNames.uid("x/../y")).isNull();
    }
}
