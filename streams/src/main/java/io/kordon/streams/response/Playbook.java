package io.kordon.streams.response;

import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.OnFailure;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ordered steps, and when they apply.
 *
 * @param name unique; part of the command's id
 * @param releaseAfter how long what it does may hold; zero for until somebody releases it
 */
public record Playbook(
        String name, String description, Condition when, Mode mode, List<Step> steps, Duration releaseAfter) {

    /** The weakest first: a step up then asks for more after what is there already, and in the same order each time. */
    static final Comparator<Playbook> WEAKEST_FIRST = Comparator.<Playbook>comparingDouble(
                    playbook -> playbook.when().minScore())
            .thenComparing(playbook -> playbook.when().minLevel())
            .thenComparing(Playbook::name);

    static final int MAX_STEPS = 20;

    /** Characters of all parameters together: they stand on every incident that the playbook is chosen for. */
    static final int MOST_TOLD = 4_096;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    public Playbook {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a playbook's name has up to 63 letters, digits, '.', '_' and '-'"
                    + " and begins with a letter or digit");
        }
        if (name.equals(CommandState.RELEASE)) {
            throw new IllegalArgumentException("name '" + name + "' is taken: it is what undoes playbooks");
        }
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("playbook " + name + " has no steps");
        }
        if (steps.size() > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "playbook " + name + " has " + steps.size() + " steps, more than " + MAX_STEPS);
        }
        int told = steps.stream().mapToInt(Step::told).sum();
        if (told > MOST_TOLD) {
            throw new IllegalArgumentException("the parameters of playbook " + name + " have " + told
                    + " characters, more than " + MOST_TOLD + " in all");
        }
        for (int i = 0; i < steps.size(); i++) {
            String reason = refusal(steps, i);
            if (reason != null) {
                throw new IllegalArgumentException(reason);
            }
        }
        if (releaseAfter.isNegative()) {
            throw new IllegalArgumentException("release-after of " + name + " is " + releaseAfter + ": 0 or more");
        }
        steps = List.copyOf(steps);
    }

    /** Of which what it does holds until somebody releases it. */
    public Playbook(String name, String description, Condition when, Mode mode, List<Step> steps) {
        this(name, description, when, mode, steps, Duration.ZERO);
    }

    /** Why a step cannot stand where it stands, or null: evidence comes before what ends the pod. */
    static @Nullable String refusal(List<Step> steps, int index) {
        String action = steps.get(index).action();
        if (action.equals(CommandState.RELEASE)) {
            return "'release' is no step of a playbook: analysts release, or 'release-after' does";
        }
        if (steps.subList(0, index).stream().anyMatch(step -> step.action().equals(Actions.TERMINATE))) {
            return "'terminate' comes last: of a pod that is gone nothing can be asked";
        }
        if (!Actions.ENDING.contains(action)) {
            return null;
        }
        List<Step> captures = steps.subList(0, index).stream()
                .filter(step -> step.action().equals(Actions.CAPTURE))
                .toList();
        if (captures.isEmpty()) {
            return "'" + action + "' needs a 'capture' before it: evidence is kept before the pod is ended";
        }
        return captures.stream().allMatch(step -> step.onFailure() == OnFailure.CONTINUE)
                ? "the 'capture' before '" + action + "' must not say on-failure: continue: without evidence the pod"
                        + " is not ended"
                : null;
    }
}
