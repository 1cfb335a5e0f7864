package io.kordon.gateway;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Nonces of signatures that were good, each kept for as long as its signature could be shown again. Only who holds a key
 * can add to them, and only to those under its own name.
 */
final class Nonces {
    /** Per sender; some 30 MB. */
    static final int MOST = 250_000;

    /** What a nonce is. */
    enum Seen {
        NEW,
        BEFORE,
        /** There is no room to remember it: it cannot be told. */
        FULL
    }

    private static final class OfSender {
        private final TreeMap<Long, Set<String>> bySecond = new TreeMap<>();
        private int count;
    }

    private final Map<String, OfSender> senders = new HashMap<>();

    synchronized Seen add(SignedRequest signed, Instant now, Duration window) {
        OfSender sender = senders.computeIfAbsent(signed.sender(), any -> new OfSender());
        Map<Long, Set<String>> old = sender.bySecond.headMap(now.getEpochSecond() - window.toSeconds() - 1);
        sender.count -= old.values().stream().mapToInt(Set::size).sum();
        old.clear();
        Set<String> nonces = sender.bySecond.computeIfAbsent(signed.time(), any -> new HashSet<>());
        if (nonces.contains(signed.nonce())) {
            return Seen.BEFORE;
        } else if (sender.count >= MOST) {
            return Seen.FULL;
        }
        nonces.add(signed.nonce());
        sender.count++;
        return Seen.NEW;
    }
}
