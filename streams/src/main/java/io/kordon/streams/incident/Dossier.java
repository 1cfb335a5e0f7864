package io.kordon.streams.incident;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was kept of a pod, and what examinations of it found. Bounded, and the same whatever the order of reports.
 *
 * @param bundles the latest {@link #MAX_BUNDLES} by time of sealing
 * @param findings the worst {@link #MAX_FINDINGS}
 * @param omitted findings counted but left out of the list
 */
public record Dossier(List<Bundle> bundles, List<Finding> findings, long omitted) {
    public static final Dossier NONE = new Dossier(List.of(), List.of(), 0);

    static final int MAX_BUNDLES = 50;
    static final int MAX_FINDINGS = 100;

    public Dossier {
        bundles = List.copyOf(bundles);
        findings = List.copyOf(findings);
    }

    /** This one with a bundle that an actuator or an examination stored; once, however often it is told of. */
    Dossier with(Bundle bundle) {
        return with(new Dossier(List.of(bundle), List.of(), 0));
    }

    /** Both together. */
    Dossier with(Dossier more) {
        Set<Bundle> stored = new HashSet<>(bundles);
        stored.addAll(more.bundles);
        List<Bundle> byTime = new ArrayList<>(stored);
        byTime.sort(Comparator.comparingLong(Bundle::sealedAt).thenComparing(Bundle::digest));
        Set<Finding> found = new HashSet<>(findings);
        found.addAll(more.findings);
        List<Finding> worst =
                found.stream().sorted(Finding.WORST_FIRST).limit(MAX_FINDINGS).toList();
        return new Dossier(
                byTime.subList(Math.max(0, byTime.size() - MAX_BUNDLES), byTime.size()),
                worst,
                omitted + more.omitted + found.size() - worst.size());
    }
}
