package io.kordon.gateway;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may post. Looked up so that how long it takes tells nothing of whose name or secret was nearly right. */
final class Credentials {
    private final List<KnownSender> senders;
    private final Map<String, KnownSender> signers = new LinkedHashMap<>();
    private final Duration window;

    /** @param window how far the time of a signature may be from ours */
    Credentials(List<KnownSender> senders, Duration window) {
        this.senders = List.copyOf(senders);
        this.window = window;
        for (KnownSender sender : senders) {
            if (sender.proof() instanceof Proof.Hmac) {
                signers.put(sender.name(), sender);
            }
        }
    }

    /**
     * Somebody found.
     *
     * @param secret number of the secret that proved it, from 1 in the order of the file
     */
    record Match(KnownSender sender, int secret) {}

    List<KnownSender> senders() {
        return senders;
    }

    Duration window() {
        return window;
    }

    /** @param pair {@code user:password} as decoded from the header */
    @Nullable
    Match basic(String pair) {
        return find(pair, Proof.Basic.class);
    }

    @Nullable
    Match bearer(String token) {
        return find(token, Proof.Bearer.class);
    }

    /** The one sender that bears the certificate's name; null for none, and where two could be meant. */
    @Nullable
    Match certificate(X509Certificate certificate) {
        List<KnownSender> found = senders.stream()
                .filter(sender -> sender.proof() instanceof Proof.Certificate names && names.matches(certificate))
                .toList();
        return found.size() == 1 ? new Match(found.get(0), 1) : null;
    }

    /** Who signs under this name; null for nobody. */
    @Nullable
    KnownSender signer(String name) {
        return signers.get(name);
    }

    /** Values of {@code WWW-Authenticate}: the ways that are in use. */
    List<String> challenges() {
        List<String> challenges = new ArrayList<>();
        addIfUsed(challenges, Proof.Basic.class, "Basic realm=\"kordon\", charset=\"UTF-8\"");
        addIfUsed(challenges, Proof.Bearer.class, "Bearer realm=\"kordon\"");
        addIfUsed(challenges, Proof.Hmac.class, SignedRequest.SCHEME + " realm=\"kordon\"");
        addIfUsed(challenges, Proof.Certificate.class, "ClientCertificate realm=\"kordon\"");
        return challenges;
    }

    private void addIfUsed(List<String> challenges, Class<? extends Proof> proof, String challenge) {
        if (senders.stream().anyMatch(sender -> proof.isInstance(sender.proof()))) {
            challenges.add(challenge);
        }
    }

    /** Every secret of the kind is compared, whichever is right. */
    private @Nullable Match find(String secret, Class<? extends Proof> kind) {
        byte[] digest = Secrets.digest(secret);
        Match match = null;
        for (KnownSender sender : senders) {
            if (kind.isInstance(sender.proof())) {
                int number = secrets(sender.proof()).find(digest);
                match = number > 0 ? new Match(sender, number) : match;
            }
        }
        return match;
    }

    private static Secrets secrets(Proof proof) {
        if (proof instanceof Proof.Basic basic) {
            return basic.pairs();
        } else if (proof instanceof Proof.Bearer bearer) {
            return bearer.tokens();
        }
        throw new IllegalArgumentException(proof.kind() + " has no secret that is sent");
    }
}
