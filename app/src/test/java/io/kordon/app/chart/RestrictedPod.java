package io.kordon.app.chart;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Kubernetes' pod security standard "restricted", as far as a pod can break it, and what Kordon asks for besides: a root file
 * system that cannot be written, and the image's own user.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod security standards</a>
 */
final class RestrictedPod {
    private static final long USER = 65_532;

    private RestrictedPod() {}

    /** What breaks it; empty if nothing does. */
    static List<String> problems(PodSpec pod) {
        List<String> problems = new ArrayList<>();
        require(
                !on(pod.getHostNetwork()) && !on(pod.getHostPID()) && !on(pod.getHostIPC()),
                "host namespaces",
                problems);
        var context = Objects.requireNonNull(pod.getSecurityContext());
        require(on(context.getRunAsNonRoot()), "runAsNonRoot", problems);
        require(Objects.equals(context.getRunAsUser(), USER), "runAsUser", problems);
        require(Objects.equals(context.getRunAsGroup(), USER), "runAsGroup", problems);
        require(Objects.equals(context.getFsGroup(), USER), "fsGroup", problems);
        require(context.getSysctls().isEmpty(), "sysctls", problems);
        require(
                context.getSeccompProfile() != null
                        && context.getSeccompProfile().getType().equals("RuntimeDefault"),
                "seccompProfile",
                problems);
        pod.getVolumes().forEach(volume -> require(mayBeMounted(volume), "volume " + volume.getName(), problems));
        require(!pod.getContainers().isEmpty(), "containers", problems);
        Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream())
                .forEach(container -> container(container, problems));
        return problems;
    }

    private static void container(Container container, List<String> problems) {
        SecurityContext context = container.getSecurityContext();
        if (context == null) {
            problems.add("securityContext of " + container.getName());
            return;
        }
        require(Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()), "allowPrivilegeEscalation", problems);
        require(!on(context.getPrivileged()), "privileged", problems);
        require(on(context.getReadOnlyRootFilesystem()), "readOnlyRootFilesystem", problems);
        require(context.getRunAsUser() == null && context.getRunAsNonRoot() == null, "another user", problems);
        require(context.getSeccompProfile() == null && context.getProcMount() == null, "another profile", problems);
        require(
                context.getCapabilities() != null
                        && context.getCapabilities().getDrop().equals(List.of("ALL"))
                        && context.getCapabilities().getAdd().isEmpty(),
                "capabilities",
                problems);
        container.getPorts().forEach(port -> require(port.getHostPort() == null, "hostPort", problems));
    }

    private static boolean mayBeMounted(Volume volume) {
        return volume.getConfigMap() != null
                || volume.getSecret() != null
                || volume.getProjected() != null
                || volume.getEmptyDir() != null
                || volume.getPersistentVolumeClaim() != null;
    }

    private static boolean on(Boolean value) {
        return Boolean.TRUE.equals(value);
    }

    private static void require(boolean holds, String what, List<String> problems) {
        if (!holds) {
            problems.add(what);
        }
    }
}
