package io.kordon.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdvertisedHostTest {
    private static final Map<String, String> POD = Map.of("POD_IP", "10.1.2.3");

    @Test
    void isWhatIsSet() {
        assertThat(AdvertisedHost.of("connect-0.connect", "0.0.0.0", POD)).isEqualTo("connect-0.connect");
    }

    @Test
    void isThePodsAddressOrTheMachinesWhereAllAddressesAreListenedOn() throws UnknownHostException {
        assertThat(AdvertisedHost.of("", "0.0.0.0", POD)).isEqualTo("10.1.2.3");
        assertThat(AdvertisedHost.of("", "::", POD)).isEqualTo("10.1.2.3");
        assertThat(AdvertisedHost.of("", "0.0.0.0", Map.of()))
                .isEqualTo(InetAddress.getLocalHost().getHostAddress());
    }

    /** A pod's address would lead nowhere: nobody listens there. */
    @Test
    void isTheAddressThatIsListenedOn() {
        assertThat(AdvertisedHost.of("", "127.0.0.1", POD)).isEqualTo("127.0.0.1");
    }
}
