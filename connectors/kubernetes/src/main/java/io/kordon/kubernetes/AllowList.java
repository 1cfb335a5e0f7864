package io.kordon.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an isolated pod may still talk to: {@code dns}, {@code to=CIDR[:port]}, {@code from=CIDR[:port]}, separated by
 * commas. A port is one of TCP, the pod's own for {@code from}. An IPv6 network with a port stands in brackets:
 * {@code to=[2001:db8::/64]:443}.
 *
 * @param dns whether the cluster's DNS may be asked (UDP and TCP 53 of {@code k8s-app=kube-dns} in kube-system)
 * @param to whom the pod may connect to, in the order of their text
 * @param from who may connect to the pod
 */
record AllowList(boolean dns, List<Network> to, List<Network> from) {
    static final AllowList NOTHING = new AllowList(false, List.of(), List.of());

    private static final int MAX_ENTRIES = 16;
    private static final int MAX_LENGTH = 1_024;

    AllowList {
        to = List.copyOf(to);
        from = List.copyOf(from);
    }

    static AllowList parse(String parameter, String text) throws StepFailure {
        if (text.isBlank()) {
            return NOTHING;
        }
        if (text.length() > MAX_LENGTH) {
            throw new StepFailure(
                    "parameter " + parameter + " has " + text.length() + " characters; " + MAX_LENGTH + " are allowed");
        }
        String[] entries = text.split(",", -1);
        if (entries.length > MAX_ENTRIES) {
            throw new StepFailure("parameter " + parameter + " has " + entries.length + " entries; " + MAX_ENTRIES
                    + " are allowed: an isolation with more holes is none");
        }
        boolean dns = false;
        Set<Network> to = new LinkedHashSet<>();
        Set<Network> from = new LinkedHashSet<>();
        for (String untrimmed : entries) {
            String entry = untrimmed.trim();
            if (entry.equals("dns")) {
                dns = true;
            } else if (entry.startsWith("to=")) {
                to.add(Network.parse(parameter, entry, entry.substring(3)));
            } else if (entry.startsWith("from=")) {
                from.add(Network.parse(parameter, entry, entry.substring(5)));
            } else {
                throw new StepFailure("parameter " + parameter + ": '" + entry
                        + "' is none of dns, to=CIDR[:port], from=CIDR[:port]");
            }
        }
        return new AllowList(dns, sorted(to), sorted(from));
    }

    boolean opens(Direction direction) {
        return direction == Direction.INGRESS ? !from.isEmpty() : dns || !to.isEmpty();
    }

    boolean isEmpty() {
        return !opens(Direction.INGRESS) && !opens(Direction.EGRESS);
    }

    /** Networks of a direction, {@link #dns} aside. */
    List<Network> networks(Direction direction) {
        return direction == Direction.INGRESS ? from : to;
    }

    @Override
    public String toString() {
        return Stream.of(
                        dns ? Stream.of("dns") : Stream.<String>of(),
                        to.stream().map(network -> "to=" + network),
                        from.stream().map(network -> "from=" + network))
                .flatMap(part -> part)
                .collect(Collectors.joining(","));
    }

    private static List<Network> sorted(Set<Network> networks) {
        return new ArrayList<>(new TreeSet<>(networks));
    }
}
