package io.kordon.gateway;

import io.kordon.decoding.Origin;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.snakeyaml.engine.v2.nodes.Node;

/** The credentials file: one entry per sender. Refused as a whole, with every entry's first problem, and never a secret. */
final class CredentialsFile {
    private static final int MOST_SENDERS = 1_000;
    private static final int MOST_SECRETS = 16;
    private static final int LONGEST_SECRET = 4_096;
    private static final int SHORTEST_PASSWORD = 8;
    private static final int SHORTEST_TOKEN = 16;
    private static final int SHORTEST_KEY = 32;
    private static final Duration DEFAULT_WINDOW = Duration.ofMinutes(5);
    private static final Pattern WINDOW = Pattern.compile("([1-9][0-9]{0,3})(s|m)");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final Pattern NAME = Pattern.compile("(dns|uri|email|ip):(\\S+)");
    private static final List<String> PROOFS = List.of("basic", "bearer", "hmac", "certificate");

    private final Path file;
    private final String ownCluster;
    private final Map<String, String> webhooks;
    private final boolean certificates;

    /**
     * @param ownCluster for which a sender speaks that names none
     * @param certificates whether senders are asked for certificates
     */
    CredentialsFile(Path file, String ownCluster, List<Webhook> webhooks, boolean certificates) {
        this.file = file;
        this.ownCluster = ownCluster;
        this.webhooks = new LinkedHashMap<>();
        webhooks.forEach(webhook -> this.webhooks.put(name(webhook), webhook.path()));
        this.certificates = certificates;
    }

    /**
     * @throws IllegalArgumentException one line a problem, each with file, line and column
     */
    Credentials read(FileReads reads) {
        YamlEntry root = YamlEntry.parse(file, reads.text(file), "the file");
        Duration window = window(root);
        List<String> problems = new ArrayList<>();
        List<KnownSender> senders = new ArrayList<>();
        Taken taken = new Taken();
        List<Node> items = root.items("senders");
        root.end();
        if (items.size() > MOST_SENDERS) {
            throw root.problem("senders", "more than " + MOST_SENDERS + " senders");
        }
        for (Node item : items) {
            try {
                senders.add(sender(root.item(item, "a sender"), reads, taken));
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        return new Credentials(senders, window);
    }

    /** As it stands in the file: {@code falco} of {@code /v1/falco}. */
    private static String name(Webhook webhook) {
        return webhook.path().substring(webhook.path().lastIndexOf('/') + 1);
    }

    private static Duration window(YamlEntry root) {
        if (!root.has("hmac-window")) {
            return DEFAULT_WINDOW;
        }
        Matcher window = WINDOW.matcher(root.text("hmac-window"));
        if (window.matches()) {
            long amount = Long.parseLong(window.group(1));
            Duration duration = window.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMinutes(amount);
            if (duration.toSeconds() >= 10 && duration.toMinutes() <= 60) {
                return duration;
            }
        }
        throw root.problem("hmac-window", "hmac-window must be a time from 10s to 60m");
    }

    private KnownSender sender(YamlEntry entry, FileReads reads, Taken taken) {
        String name = entry.text("name");
        if (!KnownSender.isName(name)) {
            throw entry.problem(
                    "name",
                    "name must be 1 to 63 of a-z, 0-9, . _ - and begin and end with a-z or 0-9; not 'anonymous'");
        }
        if (!taken.names.add(name)) {
            throw entry.problem("name", "another sender has this name");
        }
        Set<String> paths = entry.texts("webhooks").stream()
                .map(webhook -> path(entry, webhook))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (paths.isEmpty()) {
            throw entry.problem("webhooks is missing: some of " + String.join(", ", webhooks.keySet()));
        }
        Set<String> clusters = clusters(entry);
        List<String> proofs = PROOFS.stream().filter(entry::has).toList();
        if (proofs.size() != 1) {
            throw entry.problem(
                    "exactly one of " + String.join(", ", PROOFS) + " must say how this sender proves itself");
        }
        String kind = proofs.get(0);
        YamlEntry proof = entry.entry(kind);
        entry.end();
        Proof made = switch (kind) {
            case "basic" -> basic(proof, reads, taken);
            case "bearer" -> bearer(proof, reads, taken);
            case "hmac" -> hmac(proof, reads, taken);
            default -> certificate(proof, taken);
        };
        proof.end();
        return new KnownSender(name, paths, clusters, made);
    }

    private String path(YamlEntry entry, String webhook) {
        String path = webhooks.get(webhook);
        if (path == null) {
            throw entry.problem("webhooks", "webhooks may be " + String.join(", ", webhooks.keySet()));
        }
        return path;
    }

    private Set<String> clusters(YamlEntry entry) {
        if (entry.has("cluster") && entry.has("clusters")) {
            throw entry.problem("clusters", "a sender has either a cluster or clusters");
        }
        Set<String> clusters = new LinkedHashSet<>(entry.texts("clusters"));
        if (entry.has("cluster")) {
            clusters.add(entry.text("cluster"));
        }
        if (clusters.isEmpty()) {
            clusters.add(ownCluster);
        }
        if (!clusters.stream().allMatch(Origin::isClusterName)) {
            throw entry.problem(
                    entry.has("cluster") ? "cluster" : "clusters",
                    "a cluster's name is 1 to 100 letters, digits, . _ -");
        }
        return clusters;
    }

    private Proof basic(YamlEntry entry, FileReads reads, Taken taken) {
        String user = entry.text("user");
        if (user.length() > 255 || user.contains(":") || hasControls(user)) {
            throw entry.problem("user", "user must be at most 255 characters, without colons and control characters");
        }
        if (!taken.users.add(user)) {
            throw entry.problem("user", "another sender has this user");
        }
        List<String> passwords = secrets(
                entry, "password", reads, SHORTEST_PASSWORD, text -> !hasControls(text), "no control characters");
        return new Proof.Basic(new Secrets(
                passwords.stream().map(password -> user + ":" + password).toList()));
    }

    private Proof bearer(YamlEntry entry, FileReads reads, Taken taken) {
        List<String> tokens = secrets(
                entry,
                "token",
                reads,
                SHORTEST_TOKEN,
                text -> TOKEN.matcher(text).matches(),
                "only letters, digits and . _ ~ + / - with = at the end");
        taken.secrets(entry, tokens);
        return new Proof.Bearer(new Secrets(tokens));
    }

    private Proof hmac(YamlEntry entry, FileReads reads, Taken taken) {
        List<String> keys =
                secrets(entry, "key", reads, SHORTEST_KEY, text -> !hasControls(text), "no control characters");
        taken.secrets(entry, keys);
        return new Proof.Hmac(
                keys.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toList());
    }

    private Proof certificate(YamlEntry entry, Taken taken) {
        if (!certificates) {
            throw entry.problem("certificates are not asked for: set kordon.gateway.tls.client-ca");
        }
        Set<X500Principal> subjects = new HashSet<>();
        for (String subject : entry.texts("subject")) {
            try {
                subjects.add(new X500Principal(subject));
            } catch (IllegalArgumentException e) {
                throw entry.problem("subject", "subject must be a distinguished name, as CN=falco,O=Example");
            }
        }
        Set<String> names = new HashSet<>();
        for (String san : entry.texts("san")) {
            Matcher name = NAME.matcher(san);
            if (!name.matches()) {
                throw entry.problem("san", "san must be dns:NAME, uri:URI, email:ADDRESS or ip:ADDRESS");
            }
            names.add(Proof.Certificate.normal(name.group(1), name.group(2)));
        }
        if (subjects.isEmpty() && names.isEmpty()) {
            throw entry.problem("a subject or a san is needed");
        }
        if (!Stream.concat(subjects.stream(), names.stream()).allMatch(taken.certificates::add)) {
            throw entry.problem("another sender has the same subject or san");
        }
        return new Proof.Certificate(subjects, names);
    }

    /** Those in the file itself, then those in files beside it. */
    private List<String> secrets(
            YamlEntry entry, String key, FileReads reads, int shortest, Predicate<String> taken, String rule) {
        List<String> secrets = new ArrayList<>(entry.texts(key));
        for (String name : entry.texts(key + "-file")) {
            try {
                secrets.add(reads.text(file.resolveSibling(name)).replaceFirst("\\r?\\n\\z", ""));
            } catch (InvalidPathException e) {
                throw entry.problem(key + "-file", "this is no path");
            } catch (IllegalArgumentException e) {
                throw entry.problem(key + "-file", String.valueOf(e.getMessage()));
            }
        }
        if (secrets.isEmpty() || secrets.size() > MOST_SECRETS) {
            throw entry.problem("1 to " + MOST_SECRETS + " of " + key + " and " + key + "-file are needed");
        }
        for (String secret : secrets) {
            int bytes = secret.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < shortest || bytes > LONGEST_SECRET || !taken.test(secret)) {
                throw entry.problem(
                        "each " + key + " must have " + shortest + " to " + LONGEST_SECRET + " bytes and hold " + rule);
            }
        }
        return secrets;
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** What must be one sender's alone. */
    private static final class Taken {
        private final Set<String> names = new HashSet<>();
        private final Set<String> users = new HashSet<>();
        private final Set<Object> certificates = new HashSet<>();
        private final Map<String, YamlEntry> secrets = new HashMap<>();

        void secrets(YamlEntry entry, List<String> own) {
            for (String secret : own) {
                YamlEntry owner = secrets.putIfAbsent(secret, entry);
                if (owner != null && owner != entry) {
                    throw entry.problem("another sender has the same secret");
                }
            }
        }
    }
}
