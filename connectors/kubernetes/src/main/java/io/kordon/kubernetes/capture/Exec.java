package io.kordon.kubernetes.capture;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The client's side of one {@code exec}: {@code v4.channel.k8s.io} over a WebSocket, each message led by the number of its
 * stream. The next message is asked for when one has been taken, and none any more when enough has been: so no container
 * fills our memory. (The client library's own exec waits for the pod to be ready first, by a watch that takes more
 * permissions: an attacked pod often is not.)
 */
final class Exec implements WebSocket.Listener {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;
    private static final int MAX_STATUS = 4096;

    /** A connection may be lost while it opens: it is opened once more. */
    private static final int OPENINGS = 2;

    /** Closed on our side because nothing more is wanted. */
    private static final int NORMAL = 1000;

    private final BoundedOutput output;
    private final BoundedOutput complaint;
    private final ByteArrayOutputStream status = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();

    private Exec(BoundedOutput output, BoundedOutput complaint) {
        this.output = output;
        this.complaint = complaint;
    }

    /**
     * Runs a program until it ends, has written enough, or time is over.
     *
     * @return how it ended, a {@code Status}; missing where it was given up or the connection ended before it did
     * @throws TimeoutException where it did not end in time
     * @throws NotHad where it could not be started
     */
    static JsonNode run(HttpClient http, URI uri, BoundedOutput output, BoundedOutput complaint, Deadline deadline)
            throws NotHad, TimeoutException, InterruptedException {
        long quarter = deadline.millisLeft() / 4;
        for (int tried = 1; ; tried++) {
            Exec exec = new Exec(output, complaint);
            CompletableFuture<WebSocket> opening = http.newWebSocketBuilder()
                    .uri(uri)
                    .subprotocol("v4.channel.k8s.io")
                    .connectTimeout(Math.max(1, deadline.millisLeft()), TimeUnit.MILLISECONDS)
                    .buildAsync(exec);
            try {
                if (opened(opening, quarter)) {
                    return exec.outcome(opening.get(), deadline);
                }
                if (exec.heard()) {
                    return exec.status();
                }
                if (tried == OPENINGS) {
                    throw new NotHad(0, "it could not be run: no connection within " + tried * quarter + " ms");
                }
            } catch (ExecutionException e) {
                throw notHad(e.getCause() == null ? e : e.getCause());
            } finally {
                opening.cancel(true);
            }
        }
    }

    /** A connection that closes in the moment it opens is lost on the client library, which then never says so. */
    private static boolean opened(CompletableFuture<WebSocket> opening, long millis)
            throws InterruptedException, ExecutionException {
        try {
            opening.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Whether anything came of it, so that it must not be run again. */
    private boolean heard() {
        return ended.isDone() || output.bytes() > 0 || complaint.bytes() > 0;
    }

    private JsonNode outcome(WebSocket socket, Deadline deadline)
            throws TimeoutException, InterruptedException, ExecutionException {
        try {
            CompletableFuture.anyOf(ended, output.enough()).get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } finally {
            socket.sendClose(NORMAL, "");
        }
        return status();
    }

    private static NotHad notHad(Throwable cause) {
        if (cause instanceof WebSocketHandshakeException refused) {
            int code = refused.getResponse().code();
            return new NotHad(code, "it could not be run: the API server answered " + code);
        }
        return new NotHad(0, "it could not be run: " + Printable.of(String.valueOf(cause), 300));
    }

    @Override
    public void onOpen(WebSocket socket) {
        socket.request();
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer message) {
        if (message.hasRemaining()) {
            int stream = message.get();
            byte[] bytes = new byte[message.remaining()];
            message.get(bytes);
            try {
                take(stream, bytes);
            } catch (IOException e) {
                ended.completeExceptionally(e);
                return;
            }
        }
        if (!output.truncated()) {
            socket.request();
        }
    }

    private void take(int stream, byte[] bytes) throws IOException {
        if (stream == STDOUT) {
            output.write(bytes, 0, bytes.length);
        } else if (stream == STDERR) {
            complaint.write(bytes, 0, bytes.length);
        } else if (stream == STATUS) {
            synchronized (status) {
                status.write(bytes, 0, Math.min(bytes.length, MAX_STATUS - status.size()));
            }
            ended.complete(0);
        }
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason) {
        ended.complete(0);
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
        ended.completeExceptionally(failure);
    }

    private JsonNode status() {
        byte[] bytes;
        synchronized (status) {
            bytes = status.toByteArray();
        }
        try {
            return JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            return JsonMapper.shared().missingNode();
        }
    }
}
