package io.kordon.app.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** A real Elasticsearch with security on; each role has one user of the same name. */
public final class SecuredElasticsearch implements AutoCloseable {
    public static final String PASSWORD = "password-of-tests";
    public static final String ADMIN = "admin";

    /** Of {@link #PASSWORD}, with as few rounds as bcrypt takes: it guards a server of one test on the loopback. */
    private static final String HASH = "$2a$04$abcdefghijklmnopqrstuuWsXpl.QeIQ8X7/jgAb6IAZxy3JZvg6m";

    private final HttpClient http = HttpClient.newHttpClient();
    private final EmbeddedElasticsearch elasticsearch;

    /** @param roles by name, in the JSON of Elasticsearch's role API */
    public SecuredElasticsearch(Path data, Map<String, String> roles) throws InterruptedException {
        Map<String, String> users = new TreeMap<>();
        roles.keySet().forEach(role -> users.put(role, role));
        users.put(ADMIN, "superuser");
        StringBuilder passwords = new StringBuilder();
        StringBuilder members = new StringBuilder();
        StringBuilder definitions = new StringBuilder();
        users.forEach((user, role) -> {
            passwords.append(user).append(':').append(HASH).append('\n');
            members.append(role).append(':').append(user).append('\n');
        });
        roles.forEach((role, json) -> definitions
                .append(role)
                .append(": ")
                .append(json.replaceAll("\\s+", " ").strip())
                .append('\n'));
        elasticsearch = EmbeddedElasticsearch.start(
                Servers.find(),
                data,
                0,
                Map.of(
                        "users", passwords.toString(),
                        "users_roles", members.toString(),
                        "roles.yml", definitions.toString()));
    }

    public String url() {
        return elasticsearch.url();
    }

    /** Asks as a user; the answer whatever its status. */
    public HttpResponse<String> ask(String user, String method, String path, String body)
            throws IOException, InterruptedException {
        String pair = user + ":" + PASSWORD;
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .header("Content-Type", "application/json")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Override
    public void close() {
        elasticsearch.close();
    }
}
