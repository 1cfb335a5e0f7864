package io.kordon.app.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** HTTP clients that believe an authority of one's own. */
public final class Trust {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private Trust() {}

    /**
     * A client.
     *
     * @param authorities PEM file with the only ones to be believed; empty for those of the JDK
     * @throws IllegalArgumentException naming the file that cannot be used
     */
    public static HttpClient client(String authorities) {
        // HTTP/1.1: the offer of an upgrade to HTTP/2 in a plain request confuses some receivers.
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        return authorities.isEmpty()
                ? client.build()
                : client.sslContext(context(Path.of(authorities))).build();
    }

    private static SSLContext context(Path authorities) {
        try (InputStream in = Files.newInputStream(authorities)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + number++, one);
            }
            if (number == 0) {
                throw new IllegalArgumentException(authorities + " holds no certificate");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(authorities + " cannot be used: " + e, e);
        }
    }
}
