package io.kordon.schemas.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS by Kafka's {@code ssl.*} settings that follows its files: new connections use what the files hold then, those that are
 * open go on. What cannot be used is logged, and what was used before goes on being used. For any number of threads.
 */
public final class ReloadingTls {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);

    /** Files are small, but a flood of connections need not read them each time. */
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Map<String, ?> config;
    private DefaultSslEngineFactory factory;
    private String used;
    private @Nullable String refused;
    private long looked = System.nanoTime();

    /**
     * Reads the files.
     *
     * @param config Kafka's {@code ssl.*} settings, as text or parsed; others are left alone
     * @throws KafkaException if they cannot be used now
     */
    public ReloadingTls(Map<String, ?> config) {
        this.config = Map.copyOf(withoutNulls(config));
        CertificateFiles files = CertificateFiles.read(this.config);
        this.factory = factory(files);
        this.used = files.digest();
    }

    /** Whether the settings name a file at all. */
    public static boolean hasFiles(Map<String, ?> config) {
        return CertificateFiles.named(config);
    }

    /** A context that is this one whenever a connection is made; for clients that take theirs once. */
    public SSLContext context() {
        return FollowingContext.of(() -> factory().sslContext());
    }

    synchronized DefaultSslEngineFactory factory() {
        if (System.nanoTime() - looked >= PAUSE_NANOS) {
            look();
            looked = System.nanoTime();
        }
        return factory;
    }

    private void look() {
        String digest = "";
        try {
            CertificateFiles files = CertificateFiles.read(config);
            digest = files.digest();
            if (!digest.equals(used)) {
                factory = factory(files);
                used = digest;
                LOG.info("certificates have changed and are used for new connections: {}", named());
            }
            refused = null;
        } catch (KafkaException e) {
            if (!digest.equals(refused)) {
                LOG.warn("certificates have changed and cannot be used, those before still are: {}", reason(e));
            }
            refused = digest;
        }
    }

    private String named() {
        Object keystore = config.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
        Object truststore = config.get(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);
        return (keystore == null ? "" : keystore + " ") + (truststore == null ? "" : truststore);
    }

    private static String reason(Throwable failure) {
        return failure.getCause() == null ? failure.toString() : failure.getMessage() + ": " + failure.getCause();
    }

    private static DefaultSslEngineFactory factory(CertificateFiles files) {
        DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
        factory.configure(files.config());
        check(factory.keystore(), files.config());
        return factory;
    }

    /** A certificate and a key of two renewals are no pair: a client that shows them is refused, for good. */
    private static void check(@Nullable KeyStore store, Map<String, Object> config) {
        if (store == null) {
            return;
        }
        char[] password = password(config);
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)
                        && store.getKey(alias, password) instanceof PrivateKey key
                        && !isPair(key, store.getCertificate(alias).getPublicKey())) {
                    throw new KafkaException("the key does not belong to the certificate");
                }
            }
        } catch (GeneralSecurityException e) {
            throw new KafkaException("the key and its certificate cannot be used", e);
        }
    }

    private static char @Nullable [] password(Map<String, Object> config) {
        Object key = config.get(SslConfigs.SSL_KEY_PASSWORD_CONFIG);
        Object password = key == null ? config.get(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG) : key;
        return password instanceof Password given ? given.value().toCharArray() : null;
    }

    private static boolean isPair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return true; // not ours to judge
        }
        byte[] said = {1, 2, 3};
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(said);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(certified);
        verifying.update(said);
        return verifying.verify(signature);
    }

    private static Map<String, Object> withoutNulls(Map<String, ?> config) {
        Map<String, Object> known = new HashMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith("ssl.") && value != null) {
                known.put(key, value);
            }
        });
        return known;
    }
}
