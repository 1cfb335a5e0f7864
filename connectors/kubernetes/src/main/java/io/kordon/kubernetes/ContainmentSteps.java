package io.kordon.kubernetes;

import java.util.List;
import java.util.Optional;

/** The steps that playbooks may name. */
public final class ContainmentSteps {
    private static final List<ContainmentStep> ALL = List.of(
            new LabelStep(),
            new DetachStep(),
            new IsolateStep(),
            new CordonStep(),
            new CaptureStep(),
            new RevokeStep(),
            new ScaleStep(),
            new TerminateStep());

    private ContainmentSteps() {}

    /** Every step there is, in the order a playbook would name them. */
    public static List<ContainmentStep> all() {
        return ALL;
    }

    /** The step of this name. */
    public static Optional<ContainmentStep> of(String action) {
        return ALL.stream().filter(step -> step.action().equals(action)).findFirst();
    }
}
