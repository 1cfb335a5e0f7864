package io.kordon.schemas.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadingTlsTest {
    @TempDir
    private static Path authorities;

    private static TestAuthority old;
    private static TestAuthority next;

    @TempDir
    private Path folder;

    private Path ca;
    private Path certificate;
    private Path key;

    @BeforeAll
    static void issue() throws Exception {
        old = new TestAuthority(authorities, "old");
        old.issue("client");
        next = new TestAuthority(authorities, "next");
        next.issue("client");
    }

    @BeforeEach
    void write() throws Exception {
        ca = Files.writeString(folder.resolve("ca.crt"), old.certificate());
        certificate = Files.writeString(folder.resolve("tls.crt"), old.chain("client"));
        key = Files.writeString(folder.resolve("tls.key"), old.key("client"));
    }

    @Test
    void readsACertificateAndItsKeyFromTwoFilesOrFromOne() throws Exception {
        Path both = Files.writeString(folder.resolve("both.pem"), old.key("client") + old.chain("client"));
        Map<String, Object> config = config();
        config.put("ssl.keystore.location", both.toString());

        assertThat(issuer(new ReloadingTls(config()))).isEqualTo("CN=old");
        assertThat(issuer(new ReloadingTls(config))).isEqualTo("CN=old");
    }

    @Test
    void takesUpWhatTheFilesHoldLater() throws Exception {
        ReloadingTls tls = new ReloadingTls(config());
        Files.writeString(ca, next.certificate());
        Files.writeString(certificate, next.chain("client"));
        Files.writeString(key, next.key("client"));

        Awaitility.await()
                .until(() -> issuer(tls).equals("CN=next") && trusted(tls).equals("CN=next"));
    }

    @Test
    void goesOnWithAPairUntilBothHalvesOfTheNextOneAreThere() throws Exception {
        ReloadingTls tls = new ReloadingTls(config());
        Files.writeString(certificate, next.chain("client"));

        Awaitility.await()
                .during(Duration.ofMillis(1_500))
                .atMost(Duration.ofSeconds(5))
                .until(() -> issuer(tls).equals("CN=old"));
        Files.writeString(key, next.key("client"));
        Awaitility.await().until(() -> issuer(tls).equals("CN=next"));
    }

    @Test
    void goesOnWhenAFileIsBrokenOrGone() throws Exception {
        ReloadingTls tls = new ReloadingTls(config());
        Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
        Files.delete(ca);

        Awaitility.await()
                .during(Duration.ofMillis(1_500))
                .atMost(Duration.ofSeconds(5))
                .until(() -> issuer(tls).equals("CN=old") && trusted(tls).equals("CN=old"));
    }

    @Test
    void refusesAtTheStartWhatCannotBeUsed() throws Exception {
        Files.writeString(key, next.key("client"));
        assertThatThrownBy(() -> new ReloadingTls(config()))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("the key does not belong to the certificate");

        Files.delete(key);
        assertThatThrownBy(() -> new ReloadingTls(config()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ssl.keystore.location")
                .hasMessageContaining(key.toString());
    }

    @Test
    void servesKafkaOnlyWhereFilesAreNamedAndNoOtherFactoryIs() {
        Map<String, Object> plain = new HashMap<>(Map.of("security.protocol", "SSL"));
        Map<String, Object> own = new HashMap<>(config());
        own.put("ssl.engine.factory.class", "their.Factory");
        Map<String, Object> files = config();
        ReloadingSslEngineFactory.use(plain);
        ReloadingSslEngineFactory.use(own);
        ReloadingSslEngineFactory.use(files);

        assertThat(plain).doesNotContainKey("ssl.engine.factory.class");
        assertThat(own).containsEntry("ssl.engine.factory.class", "their.Factory");
        assertThat(files).containsEntry("ssl.engine.factory.class", ReloadingSslEngineFactory.class.getName());
    }

    private Map<String, Object> config() {
        return new HashMap<>(Map.of(
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                ca.toString(),
                "ssl.keystore.type",
                "PEM",
                "ssl.keystore.location",
                certificate + "," + key));
    }

    private static String issuer(ReloadingTls tls) throws Exception {
        return issuerOfFirst(tls.factory().keystore());
    }

    private static String trusted(ReloadingTls tls) throws Exception {
        return issuerOfFirst(tls.factory().truststore());
    }

    private static String issuerOfFirst(KeyStore store) throws Exception {
        X509Certificate first =
                (X509Certificate) store.getCertificate(store.aliases().nextElement());
        return first.getIssuerX500Principal().getName();
    }

    static {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
    }
}
