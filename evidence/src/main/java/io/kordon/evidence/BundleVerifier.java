package io.kordon.evidence;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Holds what a store has against what was sealed. Reads every byte; trusts nothing that the store says but its listings.
 * What the chain alone cannot show, that its end is gone or that all of it was made anew, witnesses show.
 */
public final class BundleVerifier {
    private final EvidenceStore store;

    public BundleVerifier(EvidenceStore store) {
        this.store = store;
    }

    /**
     * Verifies the bundles of one incident.
     *
     * @param witnesses what the incident itself remembers; empty where nobody was asked or it is no longer known
     * @throws IOException where the store is away
     */
    public Verification verify(IncidentFolder incident, Optional<List<Witness>> witnesses) throws IOException {
        IncidentCheck check = new IncidentCheck(store, incident);
        check.manifests();
        check.files();
        check.strangers();
        witnesses.ifPresent(check::compare);
        return check.result(witnesses.isPresent());
    }
}
