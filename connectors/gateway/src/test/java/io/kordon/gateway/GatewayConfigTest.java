package io.kordon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GatewayConfigTest {
    @Test
    void takesSixteenMebibytesByDefault() {
        GatewayConfig config =
                GatewayConfig.defaults().listeningOn("127.0.0.1", 0).forCluster("demo");

        assertThat(config.maxBodyBytes()).isEqualTo(16 * 1024 * 1024);
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.cluster()).isEqualTo("demo");
    }

    @Test
    void namesEveryWrongValueAtOnce() {
        GatewayConfig good = GatewayConfig.defaults();

        assertThatThrownBy(() -> new GatewayConfig(
                        " ",
                        70_000,
                        "a/b",
                        good.maxBodyBytes(),
                        good.maxRecordBytes(),
                        1,
                        good.acknowledgeTimeout(),
                        good.bodyTimeout(),
                        good.idleTimeout(),
                        good.maxConnections(),
                        0,
                        good.maxQueued(),
                        good.retryAfter()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("host", "port 70000", "cluster 'a/b'", "maxBufferedBytes", "workers");
    }
}
