package io.kordon.schemas.tls;

import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/** Kafka's own factory of TLS engines, made anew when the files that it reads have changed. For clients. */
public final class ReloadingSslEngineFactory implements SslEngineFactory {
    @SuppressWarnings("NullAway.Init") // Kafka calls configure() first
    private ReloadingTls tls;

    /**
     * Client properties with this factory, where they name files and no factory.
     *
     * @param client properties of a Kafka client
     */
    public static void use(Map<String, Object> client) {
        if (ReloadingTls.hasFiles(client)) {
            client.putIfAbsent(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, ReloadingSslEngineFactory.class.getName());
        }
    }

    @Override
    public void configure(Map<String, ?> config) {
        tls = new ReloadingTls(config);
    }

    @Override
    public SSLEngine createClientSslEngine(String host, int port, String endpointIdentification) {
        return tls.factory().createClientSslEngine(host, port, endpointIdentification);
    }

    @Override
    public SSLEngine createServerSslEngine(String host, int port) {
        return tls.factory().createServerSslEngine(host, port);
    }

    @Override
    public boolean shouldBeRebuilt(Map<String, Object> next) {
        return tls.factory().shouldBeRebuilt(next);
    }

    @Override
    public Set<String> reconfigurableConfigs() {
        return SslConfigs.RECONFIGURABLE_CONFIGS;
    }

    @Override
    public @Nullable KeyStore keystore() {
        return tls.factory().keystore();
    }

    @Override
    public @Nullable KeyStore truststore() {
        return tls.factory().truststore();
    }

    @Override
    public void close() {
        // Nothing is open: files are read whole, and connections are Kafka's.
    }
}
