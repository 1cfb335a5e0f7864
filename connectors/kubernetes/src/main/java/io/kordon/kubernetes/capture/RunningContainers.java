package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Processes, connections and changed files of the running containers, by programs that the containers have. Where one has
 * none, an ephemeral container with the tools is put beside it, if the playbook names an image.
 */
final class RunningContainers implements Exhibit {
    private static final Permission PATCH_DEBUG = new Permission("patch", "", "pods/ephemeralcontainers");

    @Override
    public List<String> plan(PodView pod, CaptureParameters parameters) {
        if (!parameters.exec()) {
            return List.of();
        }
        return chosen(pod, parameters).stream()
                .map(container -> "processes, connections and changed files of " + container.name()
                        + (parameters.debugImage().isEmpty()
                                ? ""
                                : ", by an ephemeral container of " + parameters.debugImage() + " if need be"))
                .toList();
    }

    @Override
    public Set<Permission> permissions(CaptureParameters parameters) {
        Set<Permission> permissions = new HashSet<>();
        if (parameters.exec()) {
            permissions.add(new Permission("get", "", "pods/exec")); // by WebSocket; newer servers want create as well
            permissions.add(new Permission("create", "", "pods/exec"));
            if (!parameters.debugImage().isEmpty()) {
                permissions.add(PATCH_DEBUG);
            }
        }
        return permissions;
    }

    private static List<PodView.Container> chosen(PodView pod, CaptureParameters parameters) {
        return pod.containers().stream()
                .filter(container -> container.running() && parameters.wants(container.name()))
                .filter(container -> !leftByUs(container))
                .toList();
    }

    /** Anybody may give an ordinary container such a name, and must not hide by it. */
    private static boolean leftByUs(PodView.Container container) {
        return container.ephemeral() && DebugContainer.isOne(container.name());
    }

    @Override
    public void gather(Scene scene) throws IOException, InterruptedException {
        List<PodView.Container> containers = chosen(scene.pod, scene.parameters);
        if (!scene.parameters.exec()) {
            scene.missing("containers/", scene.subject.path() + "/exec", "the playbook says exec: false");
            return;
        }
        if (containers.isEmpty()) {
            scene.missing("containers/", scene.subject.path() + "/exec", "no container that was asked for runs");
        }
        scene.pod.containers().stream()
                .filter(container -> container.running() && leftByUs(container))
                .forEach(container -> scene.missing(
                        "containers/" + container.name() + "/",
                        scene.subject.path() + "/exec",
                        "not looked into: by its name it is what an earlier capture put there"));
        Deadline runtime = scene.deadline.within(scene.limits.runtime());
        boolean connected = false;
        for (PodView.Container container : containers) {
            List<Inspection> wanted = new ArrayList<>();
            if (!connected) {
                wanted.add(Inspection.connections());
            }
            wanted.add(Inspection.processes());
            wanted.add(changedFiles(scene, container, ""));
            Round round = new Round(scene, container.name(), container.name(), runtime);
            Map<Inspection, String> failed = round.inspect(wanted);
            boolean noTools = failed.size() == wanted.size() && !round.refused && !scene.replaced();
            if (noTools && !scene.parameters.debugImage().isEmpty()) {
                failed = fromBeside(scene, container, wanted, failed, runtime);
            }
            failed.forEach((inspection, why) ->
                    scene.missing(file(container.name(), inspection), scene.subject.path() + "/exec", why));
            connected |= failed.keySet().stream().noneMatch(i -> i.file().equals(Inspection.CONNECTIONS));
        }
    }

    private static Map<Inspection, String> fromBeside(
            Scene scene,
            PodView.Container container,
            List<Inspection> wanted,
            Map<Inspection, String> before,
            Deadline runtime)
            throws IOException, InterruptedException {
        try {
            String debug = DebugContainer.start(scene, container.name());
            List<Inspection> beside = wanted.stream()
                    .map(inspection -> inspection.file().equals("changed-files.txt")
                            ? changedFiles(scene, container, "/proc/1/root")
                            : inspection)
                    .toList();
            return new Round(scene, container.name(), debug, runtime).inspect(beside);
        } catch (NotHad e) {
            Map<Inspection, String> failed = new LinkedHashMap<>();
            before.forEach((inspection, why) -> failed.put(inspection, why + "; ephemeral container: " + e.reason()));
            return failed;
        }
    }

    private static Inspection changedFiles(Scene scene, PodView.Container container, String root) {
        Instant now = scene.clock.instant();
        Instant started = container.startedAt() == null ? now.minus(Duration.ofDays(1)) : container.startedAt();
        long minutes = Math.max(0, Duration.between(started, now).toMinutes()) + 1;
        return Inspection.changedFiles(root, scene.pod.mounts(container.name()), minutes);
    }

    /** Inspections of one container by programs of one: its own, or those of one beside it. */
    private static final class Round {
        private final Scene scene;
        private final String of;
        private final String in;
        private final Deadline runtime;
        private boolean refused;

        /**
         * @param of the container that is looked at
         * @param in the container in which the programs run
         */
        Round(Scene scene, String of, String in, Deadline runtime) {
            this.scene = scene;
            this.of = of;
            this.in = in;
            this.runtime = runtime;
        }

        /** Makes them, and returns those that nothing was had for, with what was tried. */
        Map<Inspection, String> inspect(List<Inspection> inspections) throws IOException, InterruptedException {
            Map<Inspection, String> failed = new LinkedHashMap<>();
            for (Inspection inspection : inspections) {
                List<String> tried = new ArrayList<>();
                boolean had = false;
                for (List<String> command : inspection.commands()) {
                    had = had || run(inspection, command, tried);
                }
                if (!had) {
                    failed.put(inspection, String.join("; ", tried));
                }
            }
            return failed;
        }

        private boolean run(Inspection inspection, List<String> command, List<String> tried)
                throws IOException, InterruptedException {
            String text = Inspection.text(command);
            if (scene.replaced()) {
                tried.add("another pod bears the name now");
                return false;
            }
            try (Program program = Program.run(scene, in, command, runtime)) {
                if (!program.useful()) {
                    tried.add(text + ": " + program.end());
                    return false;
                }
                keep(inspection, text, program, tried);
                return true;
            } catch (NotHad e) {
                refused |= e.code() == 401 || e.code() == 403; // and so would one beside it be
                tried.add(text + ": " + e.reason());
                return false;
            }
        }

        private void keep(Inspection inspection, String command, Program program, List<String> tried)
                throws IOException, InterruptedException {
            Map<String, String> facts = new TreeMap<>();
            facts.put("trusted", "false");
            facts.put("container", of);
            facts.put("ranIn", in);
            facts.put("command", command);
            facts.put("end", program.end());
            if (!tried.isEmpty()) {
                facts.put("tried", Printable.of(String.join("; ", tried), 1000));
            }
            String file = file(of, inspection);
            String source = scene.subject.path() + "/exec?container=" + in;
            InputStream content = program.output().content();
            boolean ours = scene.keepIfStillOurs(file, source, facts, content, scene.limits.execBytes());
            if (ours && inspection.file().equals(Inspection.CONNECTIONS)) {
                decode(scene, of, program, file);
            }
        }
    }

    private static void decode(Scene scene, String container, Program program, String file) throws IOException {
        byte[] text = SocketTable.decode(program.output().content()).getBytes(StandardCharsets.UTF_8);
        scene.keep(
                "containers/" + container + "/connections-decoded.txt",
                file,
                Map.of("trusted", "false", "container", container),
                new ByteArrayInputStream(text),
                scene.limits.execBytes());
    }

    private static String file(String container, Inspection inspection) {
        return "containers/" + container + "/" + inspection.file();
    }
}
