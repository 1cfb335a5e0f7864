package io.kordon.gateway;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/** A certificate authority of its own, written out byte by byte: X.509 needs no more than this (RFC 5280, 4.1). */
final class Authority {
    private static final AtomicLong SERIAL = new AtomicLong(1000);
    private static final byte[] ECDSA_WITH_SHA256 = sequence(oid(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String subject;
    private final KeyPair keys = keys();
    private final X509Certificate certificate;

    Authority(String subject) {
        this.subject = subject;
        this.certificate = issue(subject, keys, Instant.now().plus(Duration.ofDays(30)), List.of(), true);
    }

    /** A certificate with its key, as one side of a connection has them. */
    record Identity(X509Certificate certificate, KeyPair keys) {
        String certificatePem() {
            return pem("CERTIFICATE", encoded(certificate));
        }

        String keyPem() {
            return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
        }
    }

    String pem() {
        return pem("CERTIFICATE", encoded(certificate));
    }

    /** For 127.0.0.1, for thirty days. */
    Identity server() {
        return issue("CN=gateway", Duration.ofDays(30), "ip:127.0.0.1");
    }

    /** @param names alternative names as {@code dns:…}, {@code uri:…}, {@code ip:…} */
    Identity issue(String name, Duration until, String... names) {
        KeyPair own = keys();
        return new Identity(issue(name, own, Instant.now().plus(until), List.of(names), false), own);
    }

    /** A client's side: trusts this authority and shows the identities. */
    SSLContext client(Identity... identities) throws GeneralSecurityException, java.io.IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        for (int i = 0; i < identities.length; i++) {
            own.setKeyEntry("me" + i, identities[i].keys().getPrivate(), new char[0], new Certificate[] {
                identities[i].certificate()
            });
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(own, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private X509Certificate issue(String name, KeyPair own, Instant until, List<String> names, boolean authority) {
        byte[] extensions = sequence(join(
                authority ? extension(0x13, sequence(new byte[] {0x01, 0x01, (byte) 0xFF})) : new byte[0],
                names.isEmpty() ? new byte[0] : extension(0x11, alternativeNames(names))));
        byte[] body = sequence(join(
                tag(0xA0, integer(2)),
                integer(SERIAL.incrementAndGet()),
                ECDSA_WITH_SHA256,
                new X500Principal(subject).getEncoded(),
                sequence(join(time(Instant.now().minus(Duration.ofDays(60))), time(until))),
                new X500Principal(name).getEncoded(),
                own.getPublic().getEncoded(),
                authority || !names.isEmpty() ? tag(0xA3, extensions) : new byte[0]));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] whole = sequence(join(body, ECDSA_WITH_SHA256, tag(0x03, join(new byte[] {0}, signature.sign()))));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] alternativeNames(List<String> names) {
        List<byte[]> encoded = new ArrayList<>();
        for (String name : names) {
            String value = name.substring(name.indexOf(':') + 1);
            byte[] ascii = value.getBytes(StandardCharsets.US_ASCII);
            encoded.add(
                    name.startsWith("dns:")
                            ? tag(0x82, ascii)
                            : name.startsWith("uri:") ? tag(0x86, ascii) : tag(0x87, address(value)));
        }
        return sequence(join(encoded.toArray(byte[][]::new)));
    }

    private static byte[] address(String ip) {
        try {
            return InetAddress.getByName(ip).getAddress();
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(ip, e);
        }
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + type + "-----\n";
    }

    /** An extension of the arc 2.5.29. */
    private static byte[] extension(int number, byte[] value) {
        return sequence(join(oid(0x55, 0x1D, number), tag(0x04, value)));
    }

    private static byte[] oid(int... bytes) {
        byte[] value = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            value[i] = (byte) bytes[i];
        }
        return tag(0x06, value);
    }

    private static byte[] integer(long value) {
        return tag(0x02, BigInteger.valueOf(value).toByteArray());
    }

    private static byte[] time(Instant instant) {
        return tag(0x18, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[] value) {
        return tag(0x30, value);
    }

    private static byte[] tag(int tag, byte[] value) {
        int length = value.length;
        byte[] head = length < 0x80
                ? new byte[] {(byte) tag, (byte) length}
                : length < 0x100
                        ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                        : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
        return join(head, value);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
