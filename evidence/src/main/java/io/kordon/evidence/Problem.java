package io.kordon.evidence;

import java.util.Locale;

/**
 * Something about a bundle that is not as it was sealed.
 *
 * @param incident whose
 * @param sequence number of the bundle; 0 for the incident as a whole
 * @param what file or manifest, by its name in the bundle or its key
 * @param expected what should be there; empty where that is known to nobody
 * @param found what is there; empty for nothing
 */
public record Problem(IncidentFolder incident, int sequence, Kind kind, String what, String expected, String found) {

    /** What is wrong. */
    public enum Kind {
        MANIFEST_UNREADABLE("the manifest cannot be read"),
        MANIFEST_MISPLACED("the manifest is another bundle's"),
        MANIFEST_MISSING("a manifest is missing"),
        CHAIN_BROKEN("the manifest before is not the one that this was chained to"),
        FILE_MISSING("a file is missing"),
        FILE_SIZE("a file has another size"),
        FILE_DIGEST("a file has another content"),
        FILE_UNREADABLE("a file cannot be read"),
        FILE_UNKNOWN("a file is there that the manifest does not name"),
        OBJECT_UNKNOWN("something is there that Kordon does not write"),
        NOT_IN_STORE("the incident has a bundle that the store has not"),
        NOT_ON_INCIDENT("the store has a bundle that the incident has not, nor any after it");

        private final String says;

        Kind(String says) {
            this.says = says;
        }
    }

    /** One line for a person. */
    public String line() {
        StringBuilder line = new StringBuilder(incident.toString());
        if (sequence > 0) {
            line.append(String.format(Locale.ROOT, "/%06d", sequence));
        }
        line.append(": ").append(kind.says);
        if (!what.isEmpty()) {
            line.append(": ").append(what);
        }
        if (!expected.isEmpty() || !found.isEmpty()) {
            line.append(" (expected ")
                    .append(expected.isEmpty() ? "nothing" : expected)
                    .append(", found ")
                    .append(found.isEmpty() ? "nothing" : found)
                    .append(')');
        }
        return Text.line(line.toString(), 2_000);
    }
}
