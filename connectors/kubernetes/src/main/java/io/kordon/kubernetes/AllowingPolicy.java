package io.kordon.kubernetes;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Somebody's policy that lets some traffic through to or from pods.
 *
 * @param selection the pods, as far as labels of pods say so
 * @param directions in which it allows something
 * @param certain false where what else it asks of a pod cannot be judged here: it may select the pod
 * @param overruled whether a policy of ours takes precedence in all of these directions
 */
record AllowingPolicy(PodSelection selection, Set<Direction> directions, boolean certain, boolean overruled) {
    private static final int MAX_NAMED = 20;

    AllowingPolicy {
        directions = Set.copyOf(directions);
    }

    /** As {@code NetworkPolicy web, GlobalNetworkPolicy all (may)}, of bounded length. */
    static String names(List<AllowingPolicy> policies) {
        return policies.stream().limit(MAX_NAMED).map(AllowingPolicy::toString).collect(Collectors.joining(", "))
                + (policies.size() > MAX_NAMED ? " and " + (policies.size() - MAX_NAMED) + " more" : "");
    }

    @Override
    public String toString() {
        return selection + (certain ? "" : " (may)");
    }
}
