package io.kordon.evidence;

import java.util.List;

/**
 * What a verification of one incident's bundles came to.
 *
 * @param bundles whose manifests are there
 * @param files that were read and compared
 * @param bytes of them
 * @param witnessed whether the incident's own record was compared with
 * @param problems what is wrong, in the order of the bundles
 * @param problemsOmitted more of them
 * @param leftovers attempts that no manifest names: captures that ended before they were sealed, which is no problem
 */
public record Verification(
        IncidentFolder incident,
        int bundles,
        long files,
        long bytes,
        boolean witnessed,
        List<Problem> problems,
        long problemsOmitted,
        List<Leftover> leftovers) {

    /** Files of an attempt without a manifest. */
    public record Leftover(String folder, int files, long bytes) {}

    public Verification {
        problems = List.copyOf(problems);
        leftovers = List.copyOf(leftovers);
    }

    public boolean holds() {
        return problems.isEmpty();
    }
}
