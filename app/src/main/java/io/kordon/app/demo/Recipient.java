package io.kordon.app.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/**
 * Where requests of one sender go.
 *
 * @param address all of it, the path too
 * @param headers beside the content type; they may hold credentials
 */
record Recipient(URI address, Map<String, String> headers) {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_QUOTED = 300;

    Recipient {
        headers = Map.copyOf(headers);
    }

    /** A gateway that asks for no credentials. */
    static Recipient gateway(URI gateway, Sender sender) {
        return new Recipient(gateway.resolve(sender.path()), Map.of());
    }

    /** Credentials stay out of logs. */
    @Override
    public String toString() {
        return address + " with " + headers.keySet();
    }

    /**
     * Delivers a request; where nobody answers or the answer is 503, again and again.
     *
     * @param patience how long
     * @throws IllegalStateException if the last answer is no 2xx; the message quotes it
     */
    void deliver(Scenario.Post post, HttpClient client, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            String problem;
            try {
                HttpResponse<String> answer = client.send(request(post.body()), BodyHandlers.ofString());
                if (answer.statusCode() / 100 == 2) {
                    return;
                }
                problem = "answered " + answer.statusCode() + " to " + post.what() + ": " + quoted(answer.body());
                if (answer.statusCode() != 503) {
                    throw new IllegalStateException(address + " " + problem);
                }
            } catch (IOException e) {
                problem = "did not answer to " + post.what() + ": " + e;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(address + " " + problem);
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }

    private HttpRequest request(String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .timeout(ANSWER)
                .POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return request.build();
    }

    private static String quoted(String answer) {
        return answer.substring(0, Math.min(MOST_QUOTED, answer.length())).strip();
    }
}
