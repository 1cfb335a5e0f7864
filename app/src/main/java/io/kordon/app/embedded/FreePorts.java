package io.kordon.app.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address that nobody listens on. */
final class FreePorts {
    /**
     * Below what systems give to outgoing connections (Linux from 32,768, others from 49,152): a port of that range can be
     * taken by any client between its choice and its use.
     */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_000;

    private static final int ATTEMPTS = 200;

    private FreePorts() {}

    /**
     * {@code count} different ports. They are held open together and let go together, so that they differ from each
     * other; the caller should bind them soon.
     */
    static List<Integer> pick(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(open());
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback address", e);
        } finally {
            held.forEach(FreePorts::release);
        }
    }

    private static ServerSocket open() throws IOException {
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return new ServerSocket(
                        ThreadLocalRandom.current().nextInt(FIRST, LAST), 1, InetAddress.getLoopbackAddress());
            } catch (BindException e) {
                // Somebody's already: the next one.
            }
        }
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** {@code wanted} when it is a port, else a free one. */
    static int orFree(int wanted) {
        return wanted > 0 ? wanted : pick(1).get(0);
    }

    /** Refuses a port that is taken, in words: the servers themselves bury it in a stack trace. */
    static void check(String server, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "port " + port + " for the " + server + " is taken (" + e.getMessage() + "): give another one", e);
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
