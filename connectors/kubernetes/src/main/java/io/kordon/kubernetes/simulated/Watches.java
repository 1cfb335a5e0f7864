package io.kordon.kubernetes.simulated;

import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The watches that are open, so that they can be ended from this side. */
final class Watches {
    private static final String EXPIRED = """
            {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
            "message":"too old resource version","reason":"Expired","code":410}}""";

    private static final int GOING_AWAY = 1001;

    private final Set<WebSocket> open = ConcurrentHashMap.newKeySet();

    /** The response, its watch remembered while it is open. */
    MockResponse remember(MockResponse response) {
        WebSocketListener listener = response.getWebSocketListener();
        return listener == null ? response : response.withWebSocketUpgrade(new Remembered(listener));
    }

    /** A watch whose place in history is no longer known: as the API server does, it is opened, and told on it. */
    static MockResponse expired() {
        return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket, Response response) {
                webSocket.send(EXPIRED);
            }
        });
    }

    /** Says on every watch that its place in history is no longer known. */
    void expire() {
        open.forEach(watch -> watch.send(EXPIRED));
    }

    /** Ends every connection. */
    void cut() {
        open.forEach(watch -> watch.close(GOING_AWAY, "the API server goes away"));
        open.clear();
    }

    private final class Remembered extends WebSocketListener {
        private final WebSocketListener listener;

        Remembered(WebSocketListener listener) {
            this.listener = listener;
        }

        @Override
        public void onOpen(WebSocket webSocket, Response response) {
            open.add(webSocket);
            listener.onOpen(webSocket, response);
        }

        @Override
        public void onClosing(WebSocket webSocket, int code, String reason) {
            open.remove(webSocket);
            listener.onClosing(webSocket, code, reason);
        }

        @Override
        public void onClosed(WebSocket webSocket, int code, String reason) {
            open.remove(webSocket);
            listener.onClosed(webSocket, code, reason);
        }

        @Override
        public void onFailure(WebSocket webSocket, Throwable error, Response response) {
            open.remove(webSocket);
            listener.onFailure(webSocket, error, response);
        }
    }
}
