package io.kordon.evidence.inspect;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found on a volume.
 *
 * @param root as it was given
 * @param at when it was looked at
 * @param indicators how many were looked for
 * @param unclaimedLogs of pods' containers that no runtime knows any more
 * @param findings the worst first
 * @param notes what could not be looked at, and why; empty if all was
 */
public record Report(
        String root,
        Instant at,
        int indicators,
        List<Examined> containers,
        List<PodVolume> volumes,
        List<LogFile> unclaimedLogs,
        List<Finding> findings,
        List<String> notes) {

    /**
     * A container.
     *
     * @param layers of its image
     * @param changes against its image, by path
     */
    public record Examined(
            Identity identity, int layers, List<LogFile> logs, List<Change> changes, List<String> notes) {
        public Examined {
            logs = List.copyOf(logs);
            changes = List.copyOf(changes);
            notes = List.copyOf(notes);
        }

        long count(Change.How how) {
            return changes.stream().filter(change -> change.how() == how).count();
        }
    }

    /**
     * A volume that a pod's containers write to.
     *
     * @param namespace of the pod; null, like the name, where no container of it is known
     * @param path on the node
     * @param files all that is in it, as added
     */
    public record PodVolume(
            String uid,
            @Nullable String namespace,
            @Nullable String pod,
            String name,
            String path,
            List<Change> files) {
        public PodVolume {
            files = List.copyOf(files);
        }
    }

    public Report {
        containers = List.copyOf(containers);
        volumes = List.copyOf(volumes);
        unclaimedLogs = List.copyOf(unclaimedLogs);
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /** Whether all that was asked for was looked at. */
    public boolean complete() {
        return notes.isEmpty();
    }
}
