package io.kordon.kubernetes;

import io.kordon.evidence.Bundles;
import io.kordon.kubernetes.capture.CaptureLimits;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The steps that playbooks may name, with what they need to run. */
public final class ContainmentSteps {
    private static final RetryPolicy STORE_RETRY = new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(10));
    private static final ContainmentSteps DECLARED = with(null);

    private final List<ContainmentStep> steps;
    private final @Nullable Bundles evidence;
    private final Set<String> on;

    ContainmentSteps(List<ContainmentStep> steps, @Nullable Bundles evidence) {
        this(steps, evidence, steps.stream().map(ContainmentStep::action).collect(Collectors.toUnmodifiableSet()));
    }

    private ContainmentSteps(List<ContainmentStep> steps, @Nullable Bundles evidence, Set<String> on) {
        this.steps = List.copyOf(steps);
        this.evidence = evidence;
        this.on = Set.copyOf(on);
    }

    /**
     * All steps.
     *
     * @param evidence where evidence is kept; null if nowhere, and then nothing is ever captured, and so nothing killed
     */
    public static ContainmentSteps with(@Nullable Bundles evidence) {
        return with(evidence, "", ProtectionConfig.DEFAULT);
    }

    /**
     * All steps.
     *
     * @param podCheckpointDestination where kube-forensics, if installed, puts what it takes; empty for nowhere
     * @param protection whose bindings are left alone
     */
    public static ContainmentSteps with(
            @Nullable Bundles evidence, String podCheckpointDestination, ProtectionConfig protection) {
        CaptureStep capture = evidence == null
                ? new CaptureStep()
                : new CaptureStep(new CaptureStep.Evidence(
                        evidence,
                        CaptureLimits.DEFAULT,
                        Clock.systemUTC(),
                        STORE_RETRY,
                        RetryPolicy.Pause.SLEEP,
                        podCheckpointDestination));
        List<ContainmentStep> steps = new ArrayList<>(List.of(
                new LabelStep(), //
                new DetachStep(),
                new IsolateStep(),
                new CordonStep(),
                capture,
                new RevokeStep(protection),
                new ScaleStep(),
                new TerminateStep()));
        steps.add(new ReleaseStep(List.copyOf(steps)));
        return new ContainmentSteps(steps, evidence);
    }

    /** Every step there is, in the order a playbook would name them; for what they declare, not for running them. */
    public static List<ContainmentStep> all() {
        return DECLARED.steps;
    }

    /** The same, of which all but these are refused: the API server would refuse them, and say so less clearly. */
    public ContainmentSteps only(Set<String> actions) {
        return new ContainmentSteps(steps, evidence, actions);
    }

    /** Why a step is not run here, or null where it may be. */
    @Nullable
    String objection(String action) {
        return on.contains(action)
                ? null
                : "the step " + action + " is switched off here: kordon.actuator.steps does not name it";
    }

    /** The step of this name. */
    Optional<ContainmentStep> of(String action) {
        return steps.stream().filter(step -> step.action().equals(action)).findFirst();
    }

    List<String> actions() {
        return steps.stream().map(ContainmentStep::action).toList();
    }

    /** Where evidence is kept; null if nowhere. */
    @Nullable
    Bundles evidence() {
        return evidence;
    }
}
