package io.kordon.streams.response;

import io.kordon.streams.response.BudgetLedger.Containment;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * How many incidents of one cluster may have their pods contained within any stretch of time without anybody being asked.
 * An incident counts once, however many commands it issues. What is beyond a budget is held until an analyst approves it.
 *
 * @param window length of the stretch; any that long holds no more than the limits
 * @param perCluster limit for a cluster, {@link #NO_LIMIT} for none, 0 to have every containment approved
 * @param perNamespace the same for each namespace
 * @param perOwner the same for each workload; bare pods count for namespace and cluster only
 */
public record Budgets(Duration window, int perCluster, int perNamespace, int perOwner) {
    public static final int NO_LIMIT = -1;

    /** A higher limit is none that anybody counts on; the ledger remembers as many containments, twice. */
    public static final int HIGHEST = 500;

    private static final Duration LONGEST = Duration.ofDays(7);

    public static final Budgets DEFAULT = new Budgets(Duration.ofMinutes(10), 10, 5, 2);

    private static final String LABEL = "label";

    /** Steps that take nothing from a pod: a label for people, a copy of its evidence, what was taken from it given back. */
    private static final Set<String> HARMLESS = Set.of(LABEL, "capture", "release");

    public Budgets {
        if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("window is " + window + ": 1 second to 7 days");
        }
        limit("per cluster", perCluster);
        limit("per namespace", perNamespace);
        limit("per owner", perOwner);
    }

    private static void limit(String name, int limit) {
        if (limit < NO_LIMIT || limit > HIGHEST) {
            throw new IllegalArgumentException(
                    "the limit " + name + " is " + limit + ": 0 to " + HIGHEST + ", or -1 for none");
        }
    }

    /**
     * A command that wants to be run.
     *
     * @param namespace of the pod; null where the command is about none
     * @param owner kind and name of its workload, null for a bare pod
     * @param harmless whether its steps take nothing from the pod; see {@link #harmless}
     * @param dryRun whether it only says what it would do
     * @param approved whether an analyst has let it run
     * @param issuedAt epoch microseconds
     */
    public record Request(
            String incidentId,
            @Nullable String namespace,
            @Nullable String owner,
            boolean harmless,
            boolean dryRun,
            boolean approved,
            long issuedAt) {}

    /**
     * Whether a step takes nothing from a pod. A label that the playbook names itself may be one that Services, owners or
     * policies select by, and then it does.
     */
    public static boolean harmless(String action, Map<String, String> parameters) {
        return HARMLESS.contains(action) && !(action.equals(LABEL) && !parameters.isEmpty());
    }

    /** What becomes of a request. */
    public enum Outcome {
        /** It runs, and no budget is touched. */
        EXEMPT,
        /** It runs, and counts. */
        ADMITTED,
        /** It waits for an approval. */
        HELD
    }

    /**
     * The answer to a request.
     *
     * @param reason why it is held, or exempt; empty if it is admitted
     * @param ledger to go on with
     */
    public record Ruling(Outcome outcome, String reason, BudgetLedger ledger) {}

    /** Decides on a request. The same request again gets the same answer, as long as the ledger looks back to it. */
    public Ruling admit(BudgetLedger ledger, Request request) {
        String exemption = exemption(request);
        if (!exemption.isEmpty()) {
            return new Ruling(Outcome.EXEMPT, exemption, ledger);
        }
        BudgetLedger now = ledger.advancedTo(request.issuedAt(), micros());
        long at = Math.max(request.issuedAt(), now.newest() - micros());
        String reason = reason(now, request, at);
        if (!reason.isEmpty()) {
            return new Ruling(Outcome.HELD, reason, now);
        }
        Containment containment = new Containment(request.incidentId(), request.namespace(), request.owner(), at);
        return new Ruling(Outcome.ADMITTED, "", now.with(containment));
    }

    private static String exemption(Request request) {
        if (request.dryRun()) {
            return "dry run";
        }
        if (request.approved()) {
            return "approved";
        }
        return request.harmless() ? "harmless" : "";
    }

    /** Why it is held; the narrowest budget first, which says most. */
    private String reason(BudgetLedger ledger, Request request, long at) {
        String namespace = request.namespace();
        String owner = request.owner();
        String reason = "";
        if (namespace != null && owner != null) {
            reason = used(
                    ledger,
                    request,
                    at,
                    "workload " + owner + " in " + namespace,
                    other -> namespace.equals(other.namespace()) && owner.equals(other.owner()),
                    perOwner);
        }
        if (reason.isEmpty() && namespace != null) {
            reason = used(
                    ledger,
                    request,
                    at,
                    "namespace " + namespace,
                    other -> namespace.equals(other.namespace()),
                    perNamespace);
        }
        if (reason.isEmpty()) {
            reason = used(ledger, request, at, "cluster", other -> true, perCluster);
        }
        return reason.isEmpty() && ledger.full()
                ? "the ledger of containments is full: " + BudgetLedger.MOST + " within twice " + text(window)
                : reason;
    }

    private String used(
            BudgetLedger ledger, Request request, long at, String scope, Predicate<Containment> inScope, int limit) {
        if (limit == NO_LIMIT) {
            return "";
        }
        long count = most(ledger, request.incidentId(), at, inScope);
        return count < limit
                ? ""
                : "the budget of the %s is used up: %d containments within %s, and the limit is %d"
                        .formatted(scope, count, text(window), limit);
    }

    /**
     * The largest number of other incidents in a window that the request would add one to: a window that holds {@code at}
     * and not yet its incident. -1 if every window that holds {@code at} has its incident in it already.
     */
    private long most(BudgetLedger ledger, String incident, long at, Predicate<Containment> inScope) {
        long width = micros();
        long after = at - width; // windows begin later than this, or they end before `at`
        long until = at;
        for (Containment own : ledger.containments()) {
            if (own.incidentId().equals(incident) && inScope.test(own)) {
                if (own.at() <= at) {
                    after = Math.max(after, own.at());
                } else {
                    until = Math.min(until, own.at() - width);
                }
            }
        }
        long first = after;
        long last = until;
        if (first >= last) {
            return -1;
        }
        // A window can be moved later without losing anything until it begins with a containment.
        return LongStream.concat(
                        ledger.containments().stream()
                                .mapToLong(Containment::at)
                                .filter(start -> start > first && start <= last),
                        LongStream.of(last))
                .map(start -> ledger.containments().stream()
                        .filter(other -> other.at() >= start && other.at() < start + width && inScope.test(other))
                        .map(Containment::incidentId)
                        .distinct()
                        .count())
                .max()
                .orElse(0);
    }

    private long micros() {
        return window.toNanos() / 1_000;
    }

    private static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
