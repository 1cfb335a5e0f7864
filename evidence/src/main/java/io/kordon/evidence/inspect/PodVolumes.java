package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Volumes of pods that live on the node and that their containers write to: {@code emptyDir}, in
 * {@code var/lib/kubelet/pods/UID/volumes/kubernetes.io~empty-dir/NAME}.
 */
final class PodVolumes {
    private static final String PODS = "var/lib/kubelet/pods";
    private static final Path EMPTY_DIR = Path.of("volumes", "kubernetes.io~empty-dir");

    private final Volume volume;
    private final Budget budget;

    /** One of them. */
    record Found(String uid, String name, Path at) {}

    PodVolumes(Volume volume, Budget budget) {
        this.volume = volume;
        this.budget = budget;
    }

    /** Those of the pods whose UID is meant. */
    List<Found> of(Predicate<String> uids) {
        List<Found> found = new ArrayList<>();
        try {
            Optional<Path> pods = volume.folder(PODS);
            if (pods.isEmpty()) {
                return found;
            }
            for (Path pod :
                    volume.list(pods.orElseThrow(), budget.entriesLeft() + 1).names()) {
                String uid = Names.shown(Names.bytes(pod));
                if (!budget.entry() || !uids.test(uid)) {
                    continue;
                }
                Optional<Path> volumes = volume.find(pods.orElseThrow().resolve(pod), EMPTY_DIR);
                if (volumes.isPresent() && folder(volumes.orElseThrow())) {
                    for (Path name : volume.list(volumes.orElseThrow(), budget.entriesLeft() + 1)
                            .names()) {
                        Path at = volumes.orElseThrow().resolve(name);
                        if (budget.entry() && folder(at)) {
                            found.add(new Found(uid, Names.shown(Names.bytes(name)), at));
                        }
                    }
                }
            }
        } catch (IOException e) {
            budget.incomplete("/" + PODS + " cannot be read: " + Names.printable(String.valueOf(e.getMessage())));
        }
        return found;
    }

    private boolean folder(Path path) throws IOException {
        return volume.stat(path).filter(Stat::directory).isPresent();
    }
}
