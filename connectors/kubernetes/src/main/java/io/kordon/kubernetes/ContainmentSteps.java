package io.kordon.kubernetes;

import io.kordon.evidence.Bundles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps that playbooks may name, with what they need to run. */
public final class ContainmentSteps {
    private static final ContainmentSteps DECLARED = with(null);

    private final List<ContainmentStep> steps;
    private final @Nullable Bundles evidence;

    ContainmentSteps(List<ContainmentStep> steps, @Nullable Bundles evidence) {
        this.steps = List.copyOf(steps);
        this.evidence = evidence;
    }

    /**
     * All steps.
     *
     * @param evidence where evidence is kept; null if nowhere, and then nothing is ever captured, and so nothing killed
     */
    public static ContainmentSteps with(@Nullable Bundles evidence) {
        List<ContainmentStep> steps = new ArrayList<>(List.of(
                new LabelStep(), //
                new DetachStep(),
                new IsolateStep(),
                new CordonStep(),
                new TerminateStep()));
        steps.add(new ReleaseStep(List.copyOf(steps)));
        return new ContainmentSteps(steps, evidence);
    }

    /** Every step there is, in the order a playbook would name them; for what they declare, not for running them. */
    public static List<ContainmentStep> all() {
        return DECLARED.steps;
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
