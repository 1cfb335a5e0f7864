package io.kordon.app.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;

/** Posts what Falco and Alertmanager post, as anybody with curl could. */
final class Senders {
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI gateway;

    Senders(URI gateway) {
        this.gateway = gateway;
    }

    void rce(String namespace, String pod, Instant at) {
        accepted("/v1/falco", falco(namespace, pod, at));
    }

    void firing(String namespace, String pod, double bytes, Instant startsAt) {
        accepted("/v1/alertmanager", alert(namespace, pod, bytes, "firing", startsAt, NEVER));
    }

    void resolved(String namespace, String pod, double bytes, Instant startsAt, Instant endsAt) {
        accepted("/v1/alertmanager", alert(namespace, pod, bytes, "resolved", startsAt, endsAt.toString()));
    }

    HttpResponse<String> post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static String falco(String namespace, String pod, Instant at) {
        return """
                {"time":"%s","rule":"RCE: a web server ran curl","priority":"Critical","source":"syscall",
                 "hostname":"worker-1","output":"curl in %s","tags":["T1190"],
                 "output_fields":{"evt.time":%d,"k8s.ns.name":"%s","k8s.pod.name":"%s","proc.name":"curl"}}""".formatted(at, pod, at.getEpochSecond() * 1_000_000_000L + at.getNano(), namespace, pod);
    }

    static String alert(String namespace, String pod, double bytes, String status, Instant startsAt, String endsAt) {
        return """
                {"version":"4","status":"%1$s","receiver":"kordon","groupKey":"g","truncatedAlerts":0,
                 "externalURL":"http://alertmanager:9093","groupLabels":{},"commonLabels":{},"commonAnnotations":{},
                 "alerts":[{"status":"%1$s","labels":{"alertname":"PodMemoryAbove2GiB","namespace":"%2$s","pod":"%3$s"},
                   "annotations":{"summary":"much memory","value":"%4$s"},
                   "startsAt":"%5$s","endsAt":"%6$s","generatorURL":"","fingerprint":"%7$016x"}]}""".formatted(status, namespace, pod, bytes, startsAt, endsAt, (namespace + pod + startsAt).hashCode());
    }

    private void accepted(String path, String body) {
        try {
            HttpResponse<String> answer = post(path, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            if (answer.statusCode() != 200) {
                throw new AssertionError(path + " answered " + answer.statusCode() + ": " + answer.body());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
