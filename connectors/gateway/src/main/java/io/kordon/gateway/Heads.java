package io.kordon.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets go of connections that bring no whole head of a request in time, however busily they trickle: each byte restarts the
 * server's idle time, and a few thousand such connections would be all that the gateway takes.
 */
final class Heads {
    private final Vertx vertx;
    private final Duration patience;
    private final Map<HttpConnection, Wait> waits = new ConcurrentHashMap<>();

    /** Of one connection, on whose event loop it lives. */
    private static final class Wait {
        private int requests;
        private long timer;
    }

    /** @param patience from the connection's begin, or its last answer, to the next request */
    Heads(Vertx vertx, Duration patience) {
        this.vertx = vertx;
        this.patience = patience;
    }

    void opened(HttpConnection connection) {
        Wait wait = new Wait();
        waits.put(connection, wait);
        expect(connection, wait);
    }

    void closed(HttpConnection connection) {
        Wait wait = waits.remove(connection);
        if (wait != null) {
            vertx.cancelTimer(wait.timer);
        }
    }

    /** A head has arrived. */
    void begun(HttpConnection connection) {
        Wait wait = waits.get(connection);
        if (wait != null) {
            wait.requests++;
            vertx.cancelTimer(wait.timer);
        }
    }

    /** Its answer is out. */
    void ended(HttpConnection connection) {
        Wait wait = waits.get(connection);
        if (wait != null && --wait.requests == 0) {
            expect(connection, wait);
        }
    }

    private void expect(HttpConnection connection, Wait wait) {
        wait.timer = vertx.setTimer(patience.toMillis(), late -> connection.close());
    }
}
