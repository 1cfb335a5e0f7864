package io.kordon.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Asks the process beside it whether it is ready: the health check of a container, where there is no shell. It takes the
 * address from the environment, as that process does, and uses as little of Java as it can, since it is started again and
 * again.
 */
public final class Health {
    static final String HOST = "KORDON_METRICS_HOST";
    static final String PORT = "KORDON_METRICS_PORT";
    static final int DEFAULT_PORT = 9090;

    private static final int PATIENCE_MS = 4_000;
    private static final int MOST_READ = 2_048;
    private static final String READY = "HTTP/1.1 200 ";

    private Health() {}

    /** Ends with 0 where the process is ready, else with 1; prints what it says. */
    public static void main(String[] arguments) {
        System.exit(check(System.getenv(), System.out));
    }

    static int check(Map<String, String> environment, PrintStream out) {
        String host = host(environment.getOrDefault(HOST, ""));
        String port = environment.getOrDefault(PORT, "");
        try {
            String answer = ask(host, port(port));
            int end = answer.indexOf("\r\n\r\n");
            out.println(
                    end < 0
                            ? "what listens on port " + port(port) + " does not speak HTTP"
                            : answer.substring(end + 4).strip());
            return answer.startsWith(READY) ? 0 : 1;
        } catch (IOException | IllegalArgumentException e) {
            out.println("http://" + host + ":" + port(port) + "/readyz does not answer: " + e.getMessage());
            return 1;
        }
    }

    /** Who listens everywhere listens here, too. */
    private static String host(String listening) {
        return listening.isEmpty() || listening.equals("0.0.0.0") || listening.equals("::") ? "127.0.0.1" : listening;
    }

    /** What is no number is no setting: Kubernetes puts addresses of Services into variables of such names. */
    private static int port(String text) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : DEFAULT_PORT;
    }

    private static String ask(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MS);
            socket.setSoTimeout(PATIENCE_MS);
            String request = "GET /readyz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            return new String(answer.readNBytes(MOST_READ), StandardCharsets.UTF_8);
        }
    }
}
