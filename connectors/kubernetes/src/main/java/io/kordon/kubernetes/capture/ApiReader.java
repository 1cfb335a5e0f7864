package io.kordon.kubernetes.capture;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the API server and hands on the very bytes of its answers: evidence that went through a model of objects would be
 * the model's. Knows bounds, and tries nothing twice.
 */
final class ApiReader {
    private static final int MAX_MESSAGE = 4096;

    /** The beginning of an answer: truncated where there was more. */
    static final class Answer {
        private final byte[] bytes;
        private final boolean truncated;

        Answer(byte[] bytes, boolean truncated) {
            this.bytes = bytes;
            this.truncated = truncated;
        }

        byte[] bytes() {
            return bytes;
        }

        boolean truncated() {
            return truncated;
        }
    }

    private final HttpClient http;
    private final String root;

    ApiReader(KubernetesClient client) {
        this.http = client.getHttpClient();
        this.root = client.getMasterUrl().toString().replaceAll("/+$", "");
    }

    /** Address of a path. */
    URI uri(String path) {
        return URI.create(root + path);
    }

    /** At most {@code limit} bytes of the answer to a GET. */
    Answer get(String path, int limit, Deadline deadline) throws NotHad, InterruptedException {
        return read(open("GET", path, null, deadline), limit, deadline);
    }

    /** At most {@code limit} bytes of the answer to a POST. */
    Answer post(String path, String body, int limit, Deadline deadline) throws NotHad, InterruptedException {
        return read(open("POST", path, body, deadline), limit, deadline);
    }

    /** The answer to a GET as it comes, to be closed by the caller. */
    InputStream open(String path, Deadline deadline) throws NotHad, InterruptedException {
        return open("GET", path, null, deadline);
    }

    private InputStream open(String method, String path, @Nullable String body, Deadline deadline)
            throws NotHad, InterruptedException {
        long left = deadline.millisLeft();
        if (left == 0) {
            throw new NotHad(0, "no time was left to ask for it");
        }
        HttpRequest.Builder request =
                http.newHttpRequestBuilder().uri(root + path).timeout(left, TimeUnit.MILLISECONDS);
        if (body != null) {
            request.method(method, "application/json", body);
        }
        CompletableFuture<HttpResponse<InputStream>> answer = http.sendAsync(request.build(), InputStream.class);
        HttpResponse<InputStream> response;
        try {
            response = answer.get(left, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true); // the client closes what comes after that
            throw new NotHad(0, "the API server did not answer within " + left + " ms");
        } catch (ExecutionException e) {
            throw new NotHad(0, "no answer from the API server: " + said(e));
        } catch (InterruptedException e) {
            answer.cancel(true); // the client closes what comes after that
            throw e;
        }
        if (!response.isSuccessful()) {
            throw new NotHad(response.code(), response.code() + ": " + message(response, deadline));
        }
        return response.body();
    }

    private static Answer read(InputStream stream, int limit, Deadline deadline) throws NotHad {
        Future<?> alarm = deadline.closing(stream);
        try (stream) {
            byte[] bytes = stream.readNBytes(limit);
            return new Answer(bytes, bytes.length == limit && stream.read() >= 0);
        } catch (IOException e) {
            throw new NotHad(
                    0,
                    deadline.over()
                            ? "the API server's answer did not end in time"
                            : "the API server's answer broke off: " + said(e));
        } finally {
            alarm.cancel(false);
        }
    }

    /** What the API server's {@code Status} says, or the answer itself: a kubelet answers in plain text. */
    private static String message(HttpResponse<InputStream> response, Deadline deadline) {
        try {
            byte[] bytes = read(response.body(), MAX_MESSAGE, deadline).bytes();
            String text = new String(bytes, StandardCharsets.UTF_8);
            try {
                String message =
                        JsonMapper.shared().readTree(text).path("message").asString("");
                return Printable.of(message.isEmpty() ? text : message, 512);
            } catch (JacksonException e) {
                return Printable.of(text, 512);
            }
        } catch (NotHad e) {
            return e.reason();
        }
    }

    private static String said(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return Printable.of(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(), 512);
    }
}
