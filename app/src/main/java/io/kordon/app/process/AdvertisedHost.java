package io.kordon.app.process;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

/** By which address other workers reach this one's REST API. */
final class AdvertisedHost {
    private AdvertisedHost() {}

    /**
     * What is set; else, for a worker that listens on all addresses, that of its pod, which Kubernetes puts into {@code POD_IP} where
     * it is asked to, or of its machine; else where it listens.
     */
    static String of(String set, String host, Map<String, String> environment) {
        if (!set.isEmpty()) {
            return set;
        }
        try {
            if (!InetAddress.getByName(host).isAnyLocalAddress()) {
                return host;
            }
            String pod = environment.getOrDefault("POD_IP", "");
            return pod.isEmpty() ? InetAddress.getLocalHost().getHostAddress() : pod;
        } catch (UnknownHostException e) {
            return host; // Connect says what is wrong with it
        }
    }
}
