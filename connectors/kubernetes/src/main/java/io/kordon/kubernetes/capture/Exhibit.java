package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** One kind of evidence. What it cannot have it notes in the bundle; it fails only where the bundle itself fails. */
sealed interface Exhibit
        permits Surroundings,
                Lineage,
                Identity,
                ContainerLogs,
                RunningContainers,
                KubeletCheckpoints,
                PodCheckpoints,
                VolumeSnapshots {

    /** What it would take of this pod, for a dry run; empty for nothing. */
    List<String> plan(PodView pod, CaptureParameters parameters);

    /** All that it may ask of the API server. */
    Set<Permission> permissions(CaptureParameters parameters);

    /**
     * Takes it.
     *
     * @throws IOException where the bundle cannot be written
     */
    void gather(Scene scene) throws IOException, InterruptedException;
}
