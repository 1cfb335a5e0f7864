package io.kordon.streams.response;

import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.PodContext.Container;
import io.kordon.streams.incident.PodContext.Owner;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the inventory has to say of a pod. As long as it has said nothing, a condition that asks for anything does not hold;
 * it is asked again when the inventory catches up. Empty sets and nulls ask for nothing.
 *
 * @param labels of the pod
 * @param workloads {@code Kind} or {@code Kind/name}, the name with {@code *} and {@code ?}: what the pod's owners lead up
 *     to; {@code Pod} for one that nothing owns
 * @param serviceAccounts names, with {@code *} and {@code ?}, as the others
 * @param images as the pod's specification writes them, one of which must fit one of its containers
 * @param privileged whether one of its containers is
 */
public record PodCondition(
        @Nullable LabelSelector labels,
        Set<String> workloads,
        Set<String> serviceAccounts,
        Set<String> images,
        Set<String> nodes,
        @Nullable Boolean privileged,
        @Nullable Boolean hostNetwork,
        @Nullable Boolean hostPid,
        @Nullable Boolean hostIpc) {

    /** Asks for nothing. */
    public static final PodCondition ANY =
            new PodCondition(null, Set.of(), Set.of(), Set.of(), Set.of(), null, null, null, null);

    private static final String BARE = "Pod";

    public PodCondition {
        workloads = Set.copyOf(workloads);
        serviceAccounts = Set.copyOf(serviceAccounts);
        images = Set.copyOf(images);
        nodes = Set.copyOf(nodes);
    }

    boolean holds(@Nullable PodContext pod) {
        return equals(ANY) || (pod != null && fits(pod));
    }

    private boolean fits(PodContext pod) {
        List<Container> containers = pod.containers();
        return (labels == null || labels.matches(pod.labels()))
                && (workloads.isEmpty() || workloads.stream().anyMatch(pattern -> leadsTo(pattern, pod.workload())))
                && oneOf(serviceAccounts, pod.serviceAccount())
                && oneOf(nodes, pod.node())
                && (images.isEmpty() || containers.stream().anyMatch(each -> Glob.any(images, each.image())))
                && is(privileged, containers.stream().anyMatch(Container::privileged))
                && is(hostNetwork, pod.hostNetwork())
                && is(hostPid, pod.hostPid())
                && is(hostIpc, pod.hostIpc());
    }

    private static boolean leadsTo(String pattern, @Nullable Owner workload) {
        int slash = pattern.indexOf('/');
        if (workload == null) {
            return pattern.equals(BARE);
        }
        return slash < 0
                ? pattern.equals(workload.kind())
                : pattern.substring(0, slash).equals(workload.kind())
                        && Glob.matches(pattern.substring(slash + 1), workload.name());
    }

    private static boolean oneOf(Set<String> patterns, @Nullable String name) {
        return patterns.isEmpty() || (name != null && Glob.any(patterns, name));
    }

    private static boolean is(@Nullable Boolean wanted, boolean found) {
        return wanted == null || wanted == found;
    }
}
