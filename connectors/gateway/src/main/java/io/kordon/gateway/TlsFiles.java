package io.kordon.gateway;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * PEM files of a door that speaks TLS.
 *
 * @param certificate the server's certificate, and after it those between it and its authority
 * @param key its private key, not encrypted
 * @param clientCa authorities of the senders' certificates; null where senders show none
 * @param clientCertificates whether a sender must show one
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path clientCa, ClientCertificates clientCertificates) {
    /** What is asked of a sender while its connection is set up. */
    public enum ClientCertificates {
        /** Nothing. */
        NONE,
        /** A certificate, if it has one; it may prove itself otherwise. */
        REQUEST,
        /** A certificate, or there is no connection. */
        REQUIRE
    }

    public TlsFiles {
        if ((clientCa == null) != (clientCertificates == ClientCertificates.NONE)) {
            throw new IllegalArgumentException(
                    clientCa == null
                            ? "clients' certificates cannot be checked without the authorities that issue them"
                            : "the clients' authorities are of no use while no certificate is asked for");
        }
    }
}
