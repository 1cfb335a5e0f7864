package io.kordon.kubernetes.simulated;

import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One {@code exec} over a WebSocket, {@code v4.channel.k8s.io}: each message begins with the number of its stream. */
final class SimulatedExec {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;

    private final List<String> command = new ArrayList<>();
    private String container = "";

    SimulatedExec(RecordedRequest request) {
        String query = URI.create(request.getPath()).getRawQuery();
        for (String pair : (query == null ? "" : query).split("&", -1)) {
            int equals = pair.indexOf('=');
            String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
            if (pair.startsWith("command=")) {
                command.add(value);
            } else if (pair.startsWith("container=")) {
                container = value;
            }
        }
    }

    String container() {
        return container;
    }

    MockResponse response(BiConsumer<List<String>, SimulatedKubelet.Console> program) {
        return new MockResponse().withWebSocketUpgrade(new Session(program, List.copyOf(command)));
    }

    private static final class Session extends WebSocketListener implements SimulatedKubelet.Console {
        private final BiConsumer<List<String>, SimulatedKubelet.Console> program;
        private final List<String> command;
        private volatile @Nullable WebSocket open;

        Session(BiConsumer<List<String>, SimulatedKubelet.Console> program, List<String> command) {
            this.program = program;
            this.command = command;
        }

        @Override
        public void onOpen(WebSocket socket, Response response) {
            open = socket;
            Thread thread = new Thread(() -> program.accept(command, this), "simulated-exec");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void onClosing(WebSocket socket, int code, String reason) {
            open = null;
        }

        @Override
        public void onClosed(WebSocket socket, int code, String reason) {
            open = null;
        }

        @Override
        public void onFailure(WebSocket socket, Throwable error, Response response) {
            open = null;
        }

        @Override
        public boolean out(byte[] bytes) {
            return send(STDOUT, bytes);
        }

        @Override
        public void err(String text) {
            send(STDERR, text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void exit(int code) {
            ObjectNode status = status(code == 0 ? "Success" : "Failure");
            if (code != 0) {
                status.put("reason", "NonZeroExitCode")
                        .put("message", "command terminated with non-zero exit code: exit status " + code);
                status.putObject("details")
                        .putArray("causes")
                        .addObject()
                        .put("reason", "ExitCode")
                        .put("message", Integer.toString(code));
            }
            end(status);
        }

        @Override
        public void notFound(String name) {
            end(status("Failure")
                    .put("reason", "InternalError")
                    .put("code", 500)
                    .put(
                            "message",
                            "Internal error occurred: error executing command in container: failed to exec in"
                                    + " container: OCI runtime exec failed: exec: \"" + name
                                    + "\": executable file not found in $PATH"));
        }

        private static ObjectNode status(String status) {
            return JsonMapper.shared()
                    .createObjectNode()
                    .put("kind", "Status")
                    .put("apiVersion", "v1")
                    .put("status", status);
        }

        /** The API server would close now; here the client does, for it may not have seen yet that it is connected. */
        private void end(ObjectNode status) {
            send(STATUS, status.toString().getBytes(StandardCharsets.UTF_8));
        }

        private boolean send(int channel, byte[] bytes) {
            byte[] message = new byte[bytes.length + 1];
            message[0] = (byte) channel;
            System.arraycopy(bytes, 0, message, 1, bytes.length);
            WebSocket socket = open;
            return socket != null && socket.send(message);
        }
    }
}
