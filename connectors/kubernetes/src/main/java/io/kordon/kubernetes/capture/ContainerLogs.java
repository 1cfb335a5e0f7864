package io.kordon.kubernetes.capture;

import io.kordon.kubernetes.Permission;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;

/** The end of every container's log, and of the run before where there was one, each line with its time. */
final class ContainerLogs implements Exhibit {

    @Override
    public List<String> plan(PodView pod, CaptureParameters parameters) {
        return pod.containers().stream()
                .map(PodView.Container::name)
                .filter(parameters::wants)
                .map(name -> "the last " + parameters.logBytes() + " bytes of the logs of " + name)
                .toList();
    }

    @Override
    public Set<Permission> permissions(CaptureParameters parameters) {
        return Set.of(new Permission("get", "", "pods/log"));
    }

    @Override
    public void gather(Scene scene) throws IOException, InterruptedException {
        for (PodView.Container container : scene.pod.containers()) {
            if (scene.parameters.wants(container.name())) {
                log(scene, container.name(), false);
                if (container.restarted()) {
                    log(scene, container.name(), true);
                }
            }
        }
    }

    private static void log(Scene scene, String container, boolean previous) throws IOException, InterruptedException {
        String name = "containers/" + container + (previous ? "/previous.log" : "/current.log");
        String path = scene.subject.path() + "/log?container=" + container + "&timestamps=true"
                + (previous ? "&previous=true" : "");
        if (scene.replaced()) {
            scene.missing(name, path, "another pod bears the name now");
            return;
        }
        Deadline deadline = scene.deadline.within(scene.limits.log());
        try (LogTail tail = new LogTail(scene.parameters.logBytes())) {
            String broken = read(scene, path, deadline, tail);
            Map<String, String> facts = new TreeMap<>();
            facts.put("trusted", "false");
            facts.put("container", container);
            facts.put("seen", Long.toString(tail.seen()));
            if (tail.truncated()) {
                facts.put("truncated", "only the last " + scene.parameters.logBytes() + " bytes");
            }
            if (!broken.isEmpty()) {
                facts.put("incomplete", broken);
            }
            scene.keepIfStillOurs(name, path, facts, tail.content(), scene.parameters.logBytes());
        } catch (NotHad e) {
            scene.missing(name, path, e.reason());
        }
    }

    /** Reads to the end, or until it breaks off: then says why. A disk that is full is the bundle's trouble. */
    private static String read(Scene scene, String path, Deadline deadline, LogTail tail)
            throws NotHad, IOException, InterruptedException {
        InputStream stream = scene.api.open(path, deadline);
        Future<?> alarm = deadline.closing(stream);
        try (stream) {
            boolean ended = tail.take(stream);
            if (deadline.over()) {
                return "it did not end in time";
            }
            return ended ? "" : "the connection broke off while it was read";
        } finally {
            alarm.cancel(false);
        }
    }
}
