package io.kordon.schemas.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of the JDK's keytool, with what it issues, as PEM. */
public final class TestAuthority {
    private static final String PASSWORD = "only-for-this-test";
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final Path store;

    public TestAuthority(Path folder, String name) throws IOException, InterruptedException {
        store = Files.createDirectories(folder).resolve(name + ".p12");
        keytool("-genkeypair", "-alias", "ca", "-dname", "CN=" + name, "-ext", "bc:c", "-keyalg", "EC");
    }

    /** A key and its certificate, for the loopback address. */
    public void issue(String name) throws IOException, InterruptedException {
        issue(name, "san=ip:127.0.0.1,dns:localhost");
    }

    public void issue(String name, String extension) throws IOException, InterruptedException {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-signer",
                "ca",
                "-dname",
                "CN=" + name,
                "-ext",
                extension,
                "-keyalg",
                "EC");
    }

    public String certificate() throws IOException, GeneralSecurityException {
        return pem("CERTIFICATE", load().getCertificate("ca").getEncoded());
    }

    /** The certificate with that of the authority. */
    public String chain(String name) throws IOException, GeneralSecurityException {
        StringBuilder chain = new StringBuilder();
        for (Certificate certificate : load().getCertificateChain(name)) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return chain.toString();
    }

    /** In PKCS#8. */
    public String key(String name) throws IOException, GeneralSecurityException {
        Key key = load().getKey(name, PASSWORD.toCharArray());
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + BASE64.encodeToString(content) + "\n-----END " + kind + "-----\n";
    }
}
