package io.kordon.evidence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an incident's bundles lie in a store:
 *
 * <pre>
 *   CLUSTER/INCIDENT/000001/manifest.json       the first bundle; its manifest names the folder of its files
 *   CLUSTER/INCIDENT/000002/manifest.json       the second, with the digest of the first
 *   CLUSTER/INCIDENT/attempts/ATTEMPT/…         the files of one attempt at a capture, sealed or not
 * </pre>
 *
 * @param cluster folder of the cluster: its name, escaped
 * @param incident folder of the incident: its id, escaped
 */
public record IncidentFolder(String cluster, String incident) {
    static final String MANIFEST = "manifest.json";
    static final String ATTEMPTS = "attempts/";

    /** Bundles of one incident; beyond it nothing is sealed. */
    static final int MOST_BUNDLES = 999_999;

    private static final Pattern BUNDLE = Pattern.compile("([0-9]{6})/manifest\\.json");
    private static final Pattern ATTEMPT = Pattern.compile("(attempts/[^/]+/)(.+)", Pattern.DOTALL);

    public IncidentFolder {
        if (!Key.isPart(cluster) || !Key.isPart(incident)) {
            throw new IllegalArgumentException("no folder of an incident: " + Text.line(cluster + "/" + incident, 200));
        }
    }

    /** Of an incident, by its names as they are. */
    public static IncidentFolder of(String cluster, String incidentId) {
        return new IncidentFolder(BundleNames.part(cluster), BundleNames.part(incidentId));
    }

    /** All that a store has, by name; what cannot be a folder of Kordon's is left out. */
    public static List<IncidentFolder> all(EvidenceStore store) throws IOException {
        List<IncidentFolder> all = new ArrayList<>();
        for (String cluster : store.folders("")) {
            if (Key.isPart(cluster)) {
                for (String incident : store.folders(cluster + "/")) {
                    if (Key.isPart(incident)) {
                        all.add(new IncidentFolder(cluster, incident));
                    }
                }
            }
        }
        return List.copyOf(all);
    }

    /** With a slash at its end. */
    public String prefix() {
        return cluster + "/" + incident + "/";
    }

    String bundle(int sequence) {
        return prefix() + String.format(Locale.ROOT, "%06d/", sequence);
    }

    String manifest(int sequence) {
        return bundle(sequence) + MANIFEST;
    }

    String attempt(String attempt) {
        return prefix() + ATTEMPTS + attempt + "/";
    }

    /** The number of the bundle whose manifest this is. */
    OptionalInt sequence(String key) {
        Matcher manifest = BUNDLE.matcher(key.substring(prefix().length()));
        int sequence = manifest.matches() ? Integer.parseInt(manifest.group(1)) : 0;
        return sequence == 0 ? OptionalInt.empty() : OptionalInt.of(sequence);
    }

    /** The folder of the attempt that this is a file of, with the incident's before it; empty for what is none. */
    String attemptOf(String key) {
        Matcher file = ATTEMPT.matcher(key.substring(prefix().length()));
        return file.matches() ? prefix() + file.group(1) : "";
    }

    @Override
    public String toString() {
        return cluster + "/" + incident;
    }
}
