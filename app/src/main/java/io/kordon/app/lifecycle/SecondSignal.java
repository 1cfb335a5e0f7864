package io.kordon.app.lifecycle;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at once when it is asked to stop for the second time, which the JVM passes over while it shuts down. By
 * reflection, as Kafka does it, because not every JVM has signals and the compiler warns of their class.
 */
final class SecondSignal {
    private static final Logger LOG = LoggerFactory.getLogger(SecondSignal.class);

    /** Exit codes as a shell has them: 128 and the signal's number. */
    private static final Map<String, Integer> CODES = Map.of("INT", 130, "TERM", 143);

    private SecondSignal() {}

    static void endsAtOnce() {
        CODES.forEach(SecondSignal::endsAtOnce);
    }

    private static void endsAtOnce(String name, int code) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object halt = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            Runtime.getRuntime().halt(code);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), halt);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.debug("a second SIG{} is not heard here", name, e);
        }
    }
}
