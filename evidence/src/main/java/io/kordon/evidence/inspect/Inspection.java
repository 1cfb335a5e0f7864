package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Looks at a mounted volume and says what is on it. Only reads, and never beyond the root. */
public final class Inspection {
    /** Where distributions keep containerd's data: its own place, then k3s', RKE2's and MicroK8s'. */
    private static final List<String> CONTAINERD = List.of(
            "var/lib/containerd",
            "var/lib/rancher/k3s/agent/containerd",
            "var/lib/rancher/rke2/agent/containerd",
            "var/snap/microk8s/common/var/lib/containerd");

    private static final List<String> DOCKER = List.of("var/lib/docker");
    private static final Comparator<Report.Examined> ORDER = Comparator.comparing(
                    (Report.Examined examined) -> examined.identity().namespace(),
                    Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(examined -> examined.identity().pod(), Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(examined -> examined.identity().name(), Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(examined -> examined.identity().id())
            .thenComparing(examined -> examined.identity().scope());

    private final Request request;
    private final Volume volume;
    private final Budget budget;
    private final Contents contents;
    private final Logs logs;
    private final Changes changes;

    /**
     * What to look at.
     *
     * @param containerd where containerd's data is, from the root; null for where it usually is
     * @param docker the same for Docker
     */
    public record Request(
            Path root,
            Selection selection,
            Indicators indicators,
            @Nullable String containerd,
            @Nullable String docker,
            Bounds bounds) {
        public static Request of(Path root) {
            return new Request(root, Selection.ALL, Indicators.NONE, null, null, Bounds.DEFAULT);
        }

        public Request with(Selection selection) {
            return new Request(root, selection, indicators, containerd, docker, bounds);
        }

        public Request with(Indicators indicators) {
            return new Request(root, selection, indicators, containerd, docker, bounds);
        }

        public Request with(Bounds bounds) {
            return new Request(root, selection, indicators, containerd, docker, bounds);
        }
    }

    private Inspection(Request request, Volume volume, Budget budget, OverlayMarks marks) {
        this.request = request;
        this.volume = volume;
        this.budget = budget;
        this.contents = new Contents(volume, budget);
        this.logs = new Logs(volume, budget, contents);
        this.changes = new Changes(volume, budget, contents, marks, request.indicators());
    }

    /**
     * Looks.
     *
     * @throws IOException if the root cannot be read, or holds the data of no runtime; what is damaged below it is in the
     *     report's notes
     */
    public static Report run(Request request, Clock clock) throws IOException {
        return run(request, clock, System::nanoTime, Stat::read, null);
    }

    /** The same with what a test puts in place of the machine's; {@code marks} null for its {@code getfattr}. */
    static Report run(Request request, Clock clock, LongSupplier nanos, Stat.Source stats, @Nullable OverlayMarks marks)
            throws IOException {
        Volume volume = new Volume(request.root(), stats);
        Budget budget = new Budget(request.bounds(), nanos);
        return new Inspection(request, volume, budget, marks == null ? Getfattr.orNote(budget) : marks).report(clock);
    }

    private Report report(Clock clock) throws IOException {
        List<Container> all = containers();
        List<Logs.Folder> folders = logs.folders();
        Set<Logs.Folder> claimed = new HashSet<>();
        List<Report.Examined> examined = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (Container container : all) {
            List<Logs.Folder> own = folders.stream()
                    .filter(folder -> belongs(folder, container.identity()))
                    .toList();
            claimed.addAll(own);
            if (request.selection().means(container.identity())) {
                examined.add(examine(container, own, findings));
            }
        }
        examined.sort(ORDER);
        List<Report.PodVolume> volumes = volumes(examined, all, findings);
        findings.sort(Finding.WORST_FIRST);
        List<LogFile> unclaimed = request.selection().container() != null
                ? List.of()
                : logs.in(folders.stream()
                        .filter(folder -> !claimed.contains(folder)
                                && request.selection().pod(folder.namespace(), folder.pod(), folder.uid()))
                        .toList());
        if (!request.selection().all() && examined.isEmpty() && volumes.isEmpty() && unclaimed.isEmpty()) {
            budget.incomplete("nothing of what is meant is there: none of " + all.size() + " containers");
        }
        return new Report(
                Names.printable(request.root().toString()),
                clock.instant(),
                request.indicators().size(),
                examined,
                volumes,
                unclaimed,
                findings,
                budget.notes());
    }

    private List<Container> containers() throws IOException {
        List<Container> containers = new ArrayList<>();
        Optional<Path> docker = place(request.docker(), DOCKER, "--docker");
        Optional<Path> containerd = place(request.containerd(), CONTAINERD, "--containerd");
        if (docker.isEmpty() && containerd.isEmpty()) {
            throw new IOException("there is no data of containerd or Docker in " + request.root() + ": none of "
                    + String.join(", ", CONTAINERD) + ", " + String.join(", ", DOCKER)
                    + " (--containerd and --docker name another place)");
        }
        if (docker.isPresent()) {
            try {
                containers.addAll(new DockerRoot(volume, docker.orElseThrow(), budget).containers());
            } catch (IOException e) {
                budget.incomplete("Docker's data cannot be read: " + Names.printable(String.valueOf(e.getMessage())));
            }
        }
        if (containerd.isPresent()) {
            Set<String> known = new HashSet<>();
            containers.forEach(container -> known.add(container.identity().id()));
            try {
                // Docker lets containerd run its containers: those are there twice, with the files at Docker's.
                new ContainerdRoot(volume, containerd.orElseThrow(), budget)
                        .containers().stream()
                                .filter(container ->
                                        !known.contains(container.identity().id()))
                                .forEach(containers::add);
            } catch (IOException e) {
                budget.incomplete(
                        "containerd's data cannot be read: " + Names.printable(String.valueOf(e.getMessage())));
            }
        }
        return containers;
    }

    private Optional<Path> place(@Nullable String given, List<String> usual, String option) throws IOException {
        if (given != null) {
            Optional<Path> place = volume.folder(given);
            if (place.isEmpty()) {
                throw new IOException("there is no folder " + given + " in " + request.root() + " (" + option + ")");
            }
            return place;
        }
        for (String place : usual) {
            try {
                Optional<Path> found = volume.folder(place);
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException e) {
                budget.incomplete(Names.printable(String.valueOf(e.getMessage())));
            }
        }
        return Optional.empty();
    }

    private static boolean belongs(Logs.Folder folder, Identity identity) {
        return folder.namespace().equals(identity.namespace())
                && folder.pod().equals(identity.pod())
                && folder.uid().equals(identity.uid())
                && folder.container().equals(identity.name());
    }

    private Report.Examined examine(Container container, List<Logs.Folder> folders, List<Finding> findings) {
        List<LogFile> found = new ArrayList<>(logs.of(container.logs()));
        found.addAll(logs.in(folders));
        List<Change> changed = container
                .upper()
                .map(upper -> changes.of(upper, container.layers()))
                .orElse(List.of());
        changed.forEach(
                change -> findings.addAll(Finding.of(container.identity().id(), change.path(), change)));
        container
                .notes()
                .forEach(note -> budget.incomplete(
                        "container " + Names.printable(container.identity().id()) + ": " + note));
        return new Report.Examined(container.identity(), container.layers().size(), found, changed, container.notes());
    }

    private List<Report.PodVolume> volumes(
            List<Report.Examined> examined, List<Container> all, List<Finding> findings) {
        Map<String, Identity> pods = new HashMap<>();
        for (Container container : all) {
            if (container.identity().uid() != null) {
                pods.putIfAbsent(container.identity().uid(), container.identity());
            }
        }
        Set<String> meant = new HashSet<>();
        examined.forEach(container -> {
            if (container.identity().uid() != null) {
                meant.add(container.identity().uid());
            }
        });
        List<Report.PodVolume> volumes = new ArrayList<>();
        for (PodVolumes.Found found : new PodVolumes(volume, budget)
                .of(uid -> request.selection().all()
                        || meant.contains(uid)
                        || uid.equals(request.selection().uid()))) {
            List<Change> files = changes.of(found.at(), List.of());
            Identity pod = pods.get(found.uid());
            String path = Names.shown(found.at());
            files.forEach(file -> findings.addAll(Finding.of(null, path + file.path(), file)));
            volumes.add(new Report.PodVolume(
                    found.uid(),
                    pod == null ? null : pod.namespace(),
                    pod == null ? null : pod.pod(),
                    found.name(),
                    path,
                    files));
        }
        return volumes;
    }
}
