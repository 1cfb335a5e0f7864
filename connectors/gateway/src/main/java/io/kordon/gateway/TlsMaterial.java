package io.kordon.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Certificate, key and authorities that fit each other: checked before anything uses them, so that half of a new pair never
 * meets half of an old one.
 */
final class TlsMaterial {
    private final X509KeyManager keys;
    private final @Nullable X509TrustManager clients;
    private final Instant expiry;
    private final @Nullable Instant clientsExpiry;

    private TlsMaterial(
            X509KeyManager keys, @Nullable X509TrustManager clients, Instant expiry, @Nullable Instant clientsExpiry) {
        this.keys = keys;
        this.clients = clients;
        this.expiry = expiry;
        this.clientsExpiry = clientsExpiry;
    }

    /**
     * @param vertx of whom only its reading of PEM is used
     * @throws IllegalArgumentException naming the file and what is wrong with it
     */
    static TlsMaterial read(TlsFiles files, FileReads reads, Vertx vertx) {
        byte[] certificate = reads.read(files.certificate());
        byte[] key = reads.read(files.key());
        List<X509Certificate> chain = certificates(files.certificate(), certificate);
        X509KeyManager keys = keys(files, certificate, key, chain.get(0).getPublicKey(), vertx);
        Path clientCa = files.clientCa();
        if (clientCa == null) {
            return new TlsMaterial(keys, null, earliest(chain), null);
        }
        List<X509Certificate> authorities = certificates(clientCa, reads.read(clientCa));
        return new TlsMaterial(keys, trust(clientCa, authorities), earliest(chain), earliest(authorities));
    }

    X509KeyManager keys() {
        return keys;
    }

    /** Judges senders' certificates; null where none are asked for. */
    @Nullable
    X509TrustManager clients() {
        return clients;
    }

    /** When the first certificate of the server's chain ends. */
    Instant expiry() {
        return expiry;
    }

    /** When the first of the clients' authorities ends; null without any. */
    @Nullable
    Instant clientsExpiry() {
        return clientsExpiry;
    }

    /** Whether the clients' authorities, as they are now, would still take this certificate. */
    boolean trusts(X509Certificate[] chain) {
        X509TrustManager judge = clients;
        if (judge == null) {
            return false;
        }
        try {
            judge.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private static List<X509Certificate> certificates(Path file, byte[] pem) {
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read as certificates in PEM"); // its cause may quote it
        }
        throw new IllegalArgumentException(file + " holds no certificate in PEM");
    }

    private static X509KeyManager keys(TlsFiles files, byte[] certificate, byte[] key, PublicKey of, Vertx vertx) {
        KeyManager[] managers;
        try {
            managers = new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(certificate))
                    .setKeyValue(Buffer.buffer(key))
                    .getKeyManagerFactory(vertx)
                    .getKeyManagers();
        } catch (Exception e) { // as Vert.x declares it; its message may quote the key
            throw new IllegalArgumentException(
                    files.key() + " holds no RSA or EC private key in PEM that is not encrypted");
        }
        for (KeyManager manager : managers) {
            if (manager instanceof X509KeyManager keys) {
                for (String alias : aliases(keys, of)) {
                    if (isPair(keys.getPrivateKey(alias), of)) {
                        return keys;
                    }
                }
            }
        }
        throw new IllegalArgumentException(
                files.key() + " is not the key of the certificate in " + files.certificate());
    }

    private static List<String> aliases(X509KeyManager keys, PublicKey of) {
        String[] aliases = keys.getServerAliases(of.getAlgorithm(), null);
        return aliases == null ? List.of() : Arrays.asList(aliases);
    }

    /** What the one signs, the other must be able to check. */
    private static boolean isPair(@Nullable PrivateKey key, PublicKey certified) {
        String type = certified.getAlgorithm().toUpperCase(Locale.ROOT);
        String algorithm = type.equals("RSA") ? "SHA256withRSA" : type.equals("EC") ? "SHA256withECDSA" : type;
        byte[] text = "kordon".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static X509TrustManager trust(Path file, List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager judge) {
                    return judge;
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(file + " cannot be used as authorities: " + e, e);
        }
        throw new IllegalStateException("every Java runtime judges X.509 certificates");
    }

    private static Instant earliest(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}
