package io.kordon.schemas.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The files of a TLS configuration, as they are now.
 *
 * @param config what Kafka's own factory takes, with the contents of PEM files in place of their names
 * @param digest tells two states of the files apart
 */
record CertificateFiles(Map<String, Object> config, String digest) {
    /** A file of all the world's authorities has a quarter of this. */
    private static final int LARGEST = 2 << 20;

    private static final String PEM = "PEM";

    /** Whether the configuration names any file, so that there is something to take up again. */
    static boolean named(Map<String, ?> config) {
        return config.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG) != null
                || config.get(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG) != null;
    }

    /**
     * Reads what Kafka's {@code ssl.*} settings name. Of PEM there may be several files, comma-separated: a certificate and its
     * key mostly come as two.
     *
     * @throws ConfigException naming the setting and the file that cannot be used
     */
    static CertificateFiles read(Map<String, ?> config) {
        ConfigDef definition = new ConfigDef();
        SslConfigs.addClientSslSupport(definition);
        Map<String, Object> parsed = new LinkedHashMap<>(definition.parse(config));
        Map<String, byte[]> read = new TreeMap<>();
        String keystore =
                content(parsed, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, read);
        if (keystore != null) {
            // Kafka's parser takes from each what it is for.
            parsed.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, new Password(keystore));
            parsed.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, new Password(keystore));
        }
        String truststore =
                content(parsed, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, read);
        if (truststore != null) {
            parsed.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, new Password(truststore));
        }
        return new CertificateFiles(parsed, digest(read));
    }

    /** What the PEM files hold, one after the other; null for stores of other types, which Kafka's factory reads by itself. */
    private static @Nullable String content(
            Map<String, Object> config, String locationKey, String typeKey, Map<String, byte[]> read) {
        Object location = config.get(locationKey);
        if (location == null) {
            return null;
        }
        boolean pem = PEM.equals(config.get(typeKey));
        StringBuilder content = new StringBuilder();
        for (String file : pem ? files(location.toString()) : List.of(location.toString())) {
            byte[] bytes = bytes(locationKey, file);
            read.put(locationKey + ":" + file, bytes);
            content.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
        }
        if (!pem) {
            return null;
        }
        config.remove(locationKey);
        return content.toString();
    }

    private static List<String> files(String location) {
        return Arrays.stream(location.split(",", -1)).map(String::strip).toList();
    }

    private static byte[] bytes(String key, String file) {
        Path path = Path.of(file);
        if (!Files.isRegularFile(path)) {
            throw new ConfigException(key, file, "there is no such file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new ConfigException(key, file, "it is larger than " + LARGEST + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new ConfigException(key, file, "it cannot be read: " + e);
        }
    }

    private static String digest(Map<String, byte[]> read) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            read.forEach((name, bytes) -> {
                digest.update((name + ":" + bytes.length + ":").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Holds keys. */
    @Override
    public String toString() {
        return "CertificateFiles[" + digest + "]";
    }
}
