package io.kordon.app.dashboards;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kordon.app.config.KordonSettings;
import io.kordon.app.config.Settings;
import io.kordon.app.config.SettingsException;
import io.kordon.app.http.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A Kibana's API for saved objects. */
final class Kibana {
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final int LONGEST_ANSWER = 1 << 20;

    /** Kibana answers 503 to everything until it is ready; the others are said by what stands before it. */
    private static final Set<Integer> LATER = Set.of(429, 502, 503, 504);

    private final HttpClient http;
    private final URI base;
    private final String space;
    private final @Nullable String authorization;

    private Kibana(HttpClient http, URI base, String space, @Nullable String authorization) {
        this.http = http;
        this.base = base;
        this.space = space;
        this.authorization = authorization;
    }

    /** @throws SettingsException with everything that is wrong */
    static Kibana of(Settings settings) {
        List<String> problems = new ArrayList<>();
        String url = settings.get(KordonSettings.KIBANA_URL);
        URI base = address(url, problems);
        String space = settings.get(KordonSettings.KIBANA_SPACE);
        if (!space.matches("[a-z0-9_-]{0,100}")) {
            problems.add(KordonSettings.KIBANA_SPACE.key()
                    + " is not the id of a space: lower case letters, digits, _ and -, as in its address after /s/");
        }
        String authorization = authorization(settings, problems);
        if (base == null || !problems.isEmpty()) {
            throw new SettingsException(problems);
        }
        return new Kibana(client(settings), base, space, authorization);
    }

    private static HttpClient client(Settings settings) {
        try {
            return Trust.client(settings.get(KordonSettings.KIBANA_CA_FILE));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(List.of(KordonSettings.KIBANA_CA_FILE.key() + ": " + e.getMessage()));
        }
    }

    private static @Nullable URI address(String url, List<String> problems) {
        String key = KordonSettings.KIBANA_URL.key();
        if (url.isEmpty()) {
            problems.add(key + " is not set: give --set " + key + "=https://HOST:5601, "
                    + KordonSettings.KIBANA_URL.variable() + " in the environment, or the key in the file");
            return null;
        }
        if (url.contains("@")) {
            problems.add(key + " holds an @: keep credentials out of it, use " + KordonSettings.KIBANA_USERNAME.key());
            return null;
        }
        try {
            URI uri = URI.create(url.replaceAll("/+$", ""));
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        problems.add(key + " is no address: write it as https://HOST:5601, with Kibana's base path if it has one");
        return null;
    }

    private static @Nullable String authorization(Settings settings, List<String> problems) {
        String username = settings.get(KordonSettings.KIBANA_USERNAME);
        String password = settings.get(KordonSettings.KIBANA_PASSWORD);
        String apiKey = settings.get(KordonSettings.KIBANA_API_KEY);
        if (!apiKey.isEmpty() && !username.isEmpty()) {
            problems.add(KordonSettings.KIBANA_API_KEY.key() + " and " + KordonSettings.KIBANA_USERNAME.key()
                    + " are both set: keep one way to sign in");
        }
        if (username.isEmpty() != password.isEmpty()) {
            problems.add(KordonSettings.KIBANA_USERNAME.key() + " and " + KordonSettings.KIBANA_PASSWORD.key()
                    + " go together: one of them is missing");
        }
        if (!apiKey.matches("[A-Za-z0-9_+/=.-]*")) {
            problems.add(KordonSettings.KIBANA_API_KEY.key() + " is no API key in its encoded form");
            return null;
        }
        if (!apiKey.isEmpty()) {
            return "ApiKey " + apiKey;
        }
        return username.isEmpty()
                ? null
                : "Basic "
                        + Base64.getEncoder()
                                .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** Address and space, for a reader. */
    String where() {
        return base + (space.isEmpty() ? "" : ", space " + space);
    }

    /**
     * Imports, and replaces what an earlier import brought.
     *
     * @param wait how long to try again while Kibana is not there or not ready
     * @param pause between two tries
     * @throws IllegalStateException where Kibana refuses, or is not there in time
     */
    Imported load(String ndjson, Duration wait, Duration pause) throws InterruptedException {
        HttpRequest request = request(ndjson);
        long begun = System.nanoTime();
        while (true) {
            String obstacle;
            try {
                HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
                byte[] body;
                try (InputStream in = response.body()) {
                    body = in.readNBytes(LONGEST_ANSWER);
                }
                if (response.statusCode() == 200) {
                    return Imported.of(new ObjectMapper().readTree(body));
                }
                String said = Imported.cut(new String(body, StandardCharsets.UTF_8));
                if (!LATER.contains(response.statusCode())) {
                    throw new IllegalStateException(refusal(response.statusCode(), said));
                }
                obstacle = "it answers " + response.statusCode() + " " + said;
            } catch (IOException e) {
                obstacle = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            }
            Duration left = wait.minus(Duration.ofNanos(System.nanoTime() - begun));
            if (left.isNegative() || left.isZero()) {
                throw new IllegalStateException("Kibana at " + base + " is not ready"
                        + (wait.isZero() ? " (--wait 5m waits for it)" : " after " + wait.toSeconds() + " s")
                        + ": " + obstacle);
            }
            Thread.sleep(Math.min(pause.toMillis(), left.toMillis() + 1));
        }
    }

    private String refusal(int status, String said) {
        String meaning = switch (status) {
            case 401 ->
                "Kibana does not know who asks: check " + KordonSettings.KIBANA_USERNAME.key() + " and "
                        + KordonSettings.KIBANA_PASSWORD.key() + ", or " + KordonSettings.KIBANA_API_KEY.key();
            case 403 ->
                "whoever asks may not import: the role needs all of Kibana's privileges on"
                        + " Saved Objects Management, Dashboard, Visualize, Discover and Data View Management";
            case 404 ->
                "there is no such address: check the base path in " + KordonSettings.KIBANA_URL.key() + ", and "
                        + KordonSettings.KIBANA_SPACE.key();
            case 413 -> "Kibana takes no imports of this size: raise savedObjects.maxImportPayloadBytes";
            default -> "the import was refused";
        };
        return meaning + " (" + where() + " answers " + status + " " + said + ")";
    }

    private HttpRequest request(String ndjson) {
        String boundary = "kordon-" + UUID.randomUUID();
        String body = "--" + boundary + "\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"kordon.ndjson\"\r\n"
                + "Content-Type: application/ndjson\r\n\r\n"
                + ndjson + "\r\n--" + boundary + "--\r\n";
        String path = (space.isEmpty() || space.equals("default") ? "" : "/s/" + space)
                + "/api/saved_objects/_import?overwrite=true";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(ANSWER)
                .header("kbn-xsrf", "true")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }
}
