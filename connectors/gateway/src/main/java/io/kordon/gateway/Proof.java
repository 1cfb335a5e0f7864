package io.kordon.gateway;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/** The one way in which a sender proves itself. */
sealed interface Proof {
    /** Name in the credentials file and on meters. */
    String kind();

    /** {@code Authorization: Basic}; each secret is {@code user:password}, so that neither can be told from the other. */
    record Basic(Secrets pairs) implements Proof {
        @Override
        public String kind() {
            return "basic";
        }
    }

    /** {@code Authorization: Bearer}. */
    record Bearer(Secrets tokens) implements Proof {
        @Override
        public String kind() {
            return "bearer";
        }
    }

    /** {@code Authorization: Kordon-HMAC-SHA256}; the keys themselves, since they compute. */
    record Hmac(List<byte[]> keys) implements Proof {
        public Hmac {
            keys = List.copyOf(keys);
        }

        @Override
        public String kind() {
            return "hmac";
        }

        @Override
        public String toString() {
            return "Hmac[***]";
        }
    }

    /**
     * A client certificate that bears one of the names.
     *
     * @param subjects whole distinguished names
     * @param names alternative names as {@code dns:NAME}, {@code uri:URI}, {@code email:ADDRESS}, {@code ip:ADDRESS}
     */
    record Certificate(Set<X500Principal> subjects, Set<String> names) implements Proof {
        /** Kinds of alternative names by their numbers in RFC 5280, 4.2.1.6. */
        static final Map<Integer, String> KINDS = Map.of(1, "email", 2, "dns", 6, "uri", 7, "ip");

        public Certificate {
            subjects = Set.copyOf(subjects);
            names = Set.copyOf(names);
        }

        @Override
        public String kind() {
            return "certificate";
        }

        boolean matches(X509Certificate certificate) {
            if (subjects.contains(certificate.getSubjectX500Principal())) {
                return true;
            }
            if (names.isEmpty()) {
                return false;
            }
            try {
                Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
                return alternatives != null
                        && alternatives.stream()
                                .anyMatch(name -> KINDS.containsKey(name.get(0))
                                        && names.contains(normal(KINDS.get(name.get(0)), String.valueOf(name.get(1)))));
            } catch (CertificateParsingException e) {
                return false;
            }
        }

        /** Hosts' names know no case; paths of URIs do. */
        static String normal(String kind, String name) {
            return kind + ":" + (kind.equals("uri") ? name : name.toLowerCase(Locale.ROOT));
        }
    }
}
