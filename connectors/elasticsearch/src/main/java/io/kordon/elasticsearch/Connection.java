package io.kordon.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import io.kordon.elasticsearch.ElasticsearchSinkConfig.Credentials;
import io.kordon.elasticsearch.ElasticsearchSinkConfig.Tls;
import io.kordon.schemas.tls.ReloadingTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.message.BasicHeader;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;

/** Connection to one Elasticsearch cluster: the typed client, and below it the plain one for templates as they are. */
final class Connection implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 5_000;

    private final RestClient rest;
    private final ElasticsearchClient client;

    private Connection(RestClient rest) {
        this.rest = rest;
        this.client = new ElasticsearchClient(new RestClientTransport(rest, new JacksonJsonpMapper()));
    }

    /** Connects on first use. */
    static Connection open(ElasticsearchSinkConfig config) {
        HttpHost[] hosts = config.urls().stream()
                .map(url -> new HttpHost(url.getHost(), port(url.getScheme(), url.getPort()), url.getScheme()))
                .toArray(HttpHost[]::new);
        int timeout = Math.toIntExact(config.requestTimeout().toMillis());
        RestClientBuilder builder = RestClient.builder(hosts)
                .setDefaultHeaders(headers(config.credentials()))
                .setRequestConfigCallback(request -> request.setConnectTimeout(Math.min(CONNECT_TIMEOUT_MS, timeout))
                        .setSocketTimeout(timeout));
        String path = config.urls().get(0).getPath();
        if (path != null && path.length() > 1) {
            builder.setPathPrefix(path);
        }
        if (config.tls().isSet()) {
            SSLContext context = context(config.tls());
            builder.setHttpClientConfigCallback(http -> http.setSSLContext(context));
        }
        return new Connection(builder.build());
    }

    ElasticsearchClient client() {
        return client;
    }

    RestClient rest() {
        return rest;
    }

    private static int port(String scheme, int port) {
        return port >= 0 ? port : "https".equals(scheme) ? 443 : 9200;
    }

    private static Header[] headers(Credentials credentials) {
        String authorization = null;
        if (credentials instanceof Credentials.Basic basic) {
            String pair = basic.username() + ":" + basic.password().value();
            authorization = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        } else if (credentials instanceof Credentials.ApiKey apiKey) {
            authorization = "ApiKey " + apiKey.key().value();
        }
        return authorization == null ? new Header[0] : new Header[] {new BasicHeader("Authorization", authorization)};
    }

    /** Follows its files, so that an authority or a certificate is renewed without a restart. */
    private static SSLContext context(Tls tls) {
        try {
            return new ReloadingTls(tls.settings()).context();
        } catch (KafkaException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getMessage() + ": " + e.getCause();
            throw new ConfigException(tls + " cannot be used: " + reason);
        }
    }

    @Override
    public void close() {
        try {
            rest.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
