package io.kordon.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kordon.avro.Command;
import io.kordon.avro.Entity;
import io.kordon.avro.Mode;
import io.kordon.avro.Result;
import io.kordon.avro.Step;
import io.kordon.avro.StepStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs commands against the API server, one step after the other, and says what came of each. Knows no Kafka. */
final class CommandRunner {
    /** Index of the result for the whole run. */
    static final int RUN = -1;

    private static final int MAX_DETAIL = 4_000;
    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    private final ActuatorConfig config;
    private final KubernetesClient client;
    private final Clock clock;
    private final RetryPolicy.Pause pause;
    private final ActuatorMetrics metrics;

    CommandRunner(
            ActuatorConfig config,
            KubernetesClient client,
            Clock clock,
            RetryPolicy.Pause pause,
            ActuatorMetrics metrics) {
        this.config = config;
        this.client = client;
        this.clock = clock;
        this.pause = pause;
        this.metrics = metrics;
    }

    /** Whether the command is for this actuator's cluster. */
    boolean serves(Command command) {
        return command.getEntity().getCluster().equals(config.cluster());
    }

    /**
     * Runs the command.
     *
     * @param results gets one result per step as soon as it is known, and the run's result last
     * @throws InterruptedException where the actuator stops while waiting to try again; running the command again is safe
     */
    void run(Command command, Consumer<Result> results) throws InterruptedException {
        new Run(command, results).run();
    }

    private final class Run {
        private final Command command;
        private final Consumer<Result> results;
        private final Instant startedAt = clock.instant();
        private final List<StepStatus> statuses = new ArrayList<>();
        private final List<String> notDone = new ArrayList<>();
        private final boolean dryRun;
        private boolean changed;
        private Entity entity;

        Run(Command command, Consumer<Result> results) {
            this.command = command;
            this.results = results;
            this.entity = command.getEntity();
            this.dryRun = config.dryRun() || command.getMode() == Mode.DRY_RUN;
        }

        void run() throws InterruptedException {
            String guardrail = guardrail();
            if (guardrail != null) {
                endAll(StepOutcome.refused(guardrail));
                return;
            }
            Attempt<Resolution> attempt =
                    attempt("resolve", ContainmentStep.RESOLVE, () -> Resolution.of(command, client));
            if (attempt.value == null) {
                failFirst("the pod could not be read: " + attempt.failure);
            } else if (attempt.value instanceof Resolution.Refused refused) {
                endAll(StepOutcome.refused(refused.detail()));
            } else if (attempt.value instanceof Resolution.Failed failed) {
                failFirst(failed.detail());
            } else if (attempt.value instanceof Resolution.Gone gone) {
                gone(gone);
            } else if (attempt.value instanceof Resolution.Found found) {
                entity = Entity.newBuilder(entity).setUid(found.target().uid()).build();
                steps(found.target());
            }
        }

        private @Nullable String guardrail() {
            String namespace = command.getEntity().getNamespace();
            if (namespace != null && config.protectedNamespaces().contains(namespace)) {
                return "namespace " + namespace + " is protected";
            }
            if (command.getMode() != Mode.AUTOMATIC && command.getMode() != Mode.DRY_RUN) {
                return "a command of mode " + command.getMode() + " is not to be run: only AUTOMATIC and DRY_RUN are";
            }
            if (command.getExpiresAt().isBefore(startedAt)) {
                return "the command expired at " + command.getExpiresAt() + ", "
                        + Duration.between(command.getExpiresAt(), startedAt).toSeconds() + " s ago";
            }
            return null;
        }

        private void steps(PodTarget target) throws InterruptedException {
            boolean failed = false;
            for (Step step : command.getSteps()) {
                Instant began = clock.instant();
                if (failed) {
                    report(step, StepOutcome.skipped("an earlier step failed"), false, began);
                    continue;
                }
                StepRun run = new StepRun(client, command, target, step.getParameters(), keptLabels(), dryRun);
                StepOutcome outcome = run(step, run);
                failed = outcome.status() == StepStatus.FAILED;
                report(step, outcome, run.changed(), began);
            }
            end();
        }

        private StepOutcome run(Step step, StepRun run) throws InterruptedException {
            Optional<ContainmentStep> known = ContainmentSteps.of(step.getAction());
            if (known.isEmpty()) {
                return StepOutcome.failed("there is no step '" + step.getAction() + "'; there are "
                        + String.join(
                                ", ",
                                ContainmentSteps.all().stream()
                                        .map(ContainmentStep::action)
                                        .toList()));
            }
            return outcome(known.orElseThrow(), () -> known.orElseThrow().run(run));
        }

        /**
         * A command that ends with the pod's deletion finds it gone when it is replayed: then everything it wants of the
         * pod holds, and only the node is left. A command that wants the pod to stay has failed.
         */
        private void gone(Resolution.Gone gone) throws InterruptedException {
            boolean terminates = command.getSteps().stream()
                    .anyMatch(step -> step.getAction().equals(TerminateStep.ACTION));
            if (!terminates) {
                failFirst(gone.detail());
                return;
            }
            boolean failed = false;
            for (Step step : command.getSteps()) {
                Instant began = clock.instant();
                StepRun run = new StepRun(client, command, gone.target(), step.getParameters(), keptLabels(), dryRun);
                StepOutcome outcome;
                if (failed) {
                    outcome = StepOutcome.skipped("an earlier step failed");
                } else if (step.getAction().equals(CordonStep.ACTION)) {
                    String node = command.getEntity().getNode();
                    outcome = node == null
                            ? StepOutcome.failed("the pod is gone, and the command does not say on which node it ran")
                            : outcome(new CordonStep(), () -> new CordonStep().cordon(run, node));
                } else if (ContainmentSteps.of(step.getAction()).isEmpty()) {
                    outcome = run(step, run);
                } else {
                    ContainmentStep known =
                            ContainmentSteps.of(step.getAction()).orElseThrow();
                    outcome = outcome(known, () -> known.whenGone(run));
                }
                failed = outcome.status() == StepStatus.FAILED;
                report(step, outcome, run.changed(), began);
            }
            end();
        }

        private StepOutcome outcome(ContainmentStep step, Work<StepOutcome> work) throws InterruptedException {
            Attempt<StepOutcome> attempt = attempt(step.action(), step.permissions(), work);
            return attempt.value == null ? StepOutcome.failed(attempt.failure) : attempt.value;
        }

        private Map<String, String> keptLabels() {
            Map<String, String> kept = new LinkedHashMap<>();
            kept.put("status", "affected");
            for (Step step : command.getSteps()) {
                if (step.getAction().equals(LabelStep.ACTION)) {
                    try {
                        kept.putAll(Labels.parse(
                                LabelStep.LABELS,
                                step.getParameters().getOrDefault(LabelStep.LABELS, "status=affected")));
                    } catch (StepFailure e) {
                        LOG.debug("command {}: the label step will say: {}", command.getId(), e.getMessage());
                    }
                }
            }
            return kept;
        }

        private void endAll(StepOutcome outcome) {
            for (Step step : command.getSteps()) {
                report(step, outcome, false, startedAt);
            }
            if (command.getSteps().isEmpty()) {
                statuses.add(outcome.status());
                notDone.add(outcome.detail());
            }
            end();
        }

        private void failFirst(String detail) {
            boolean first = true;
            for (Step step : command.getSteps()) {
                report(
                        step,
                        first ? StepOutcome.failed(detail) : StepOutcome.skipped("an earlier step failed"),
                        false,
                        startedAt);
                first = false;
            }
            if (command.getSteps().isEmpty()) {
                statuses.add(StepStatus.FAILED);
                notDone.add(detail);
            }
            end();
        }

        private void report(Step step, StepOutcome outcome, boolean stepChanged, Instant began) {
            statuses.add(outcome.status());
            changed |= stepChanged;
            if (outcome.status() != StepStatus.DONE) {
                notDone.add(step.getAction() + " " + outcome.status() + ": " + outcome.detail());
            }
            metrics.step(step.getAction(), outcome.status(), Duration.between(began, clock.instant()));
            LOG.info(
                    "command {} step {} {}: {} (changed: {}): {}",
                    command.getId(),
                    statuses.size() - 1,
                    step.getAction(),
                    outcome.status(),
                    stepChanged,
                    outcome.detail());
            results.accept(result(statuses.size() - 1, step.getAction(), outcome, stepChanged, began));
        }

        private void end() {
            StepStatus status = overall();
            metrics.command(status);
            StepOutcome outcome = new StepOutcome(
                    status,
                    notDone.isEmpty() ? "all " + statuses.size() + " steps done" : String.join("; ", notDone),
                    Map.of(),
                    null);
            results.accept(result(RUN, "run", outcome, changed, startedAt));
        }

        /** DONE only if all steps are; else the worst of them. */
        private StepStatus overall() {
            for (StepStatus worst : List.of(StepStatus.FAILED, StepStatus.REFUSED, StepStatus.DRY_RUN)) {
                if (statuses.contains(worst)) {
                    return worst;
                }
            }
            return StepStatus.DONE;
        }

        private Result result(int index, String action, StepOutcome outcome, boolean stepChanged, Instant began) {
            return Result.newBuilder()
                    .setCommandId(command.getId())
                    .setIncidentId(command.getIncidentId())
                    .setKey(command.getKey())
                    .setEntity(entity)
                    .setStep(index)
                    .setAction(action)
                    .setStatus(outcome.status())
                    .setChanged(stepChanged)
                    .setDetail(bounded(outcome.detail()))
                    .setObserved(outcome.observed())
                    .setStartedAt(began)
                    .setFinishedAt(clock.instant())
                    .build();
        }
    }

    private interface Work<T> {
        T get() throws StepFailure;
    }

    /** API servers quote what they were sent; a result must stay a record that Kafka takes. */
    private static String bounded(String detail) {
        return detail.length() <= MAX_DETAIL ? detail : detail.substring(0, MAX_DETAIL) + "…";
    }

    /** A value, or why there is none. */
    private static final class Attempt<T> {
        private final @Nullable T value;
        private final String failure;

        Attempt(@Nullable T value, String failure) {
            this.value = value;
            this.failure = failure;
        }
    }

    private <T> Attempt<T> attempt(String what, Set<Permission> needed, Work<T> work) throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                return new Attempt<>(work.get(), "");
            } catch (StepFailure e) {
                return new Attempt<>(null, String.valueOf(e.getMessage()));
            } catch (KubernetesClientException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("stopped during " + what);
                }
                ApiFailure failure = ApiFailure.of(e, needed);
                if (!failure.retryable() || tried == config.retry().attempts()) {
                    return new Attempt<>(null, failure.detail() + (tried == 1 ? "" : " (tried " + tried + " times)"));
                }
                metrics.retry(what, failure.code());
                pause.of(config.retry().delayAfter(tried));
            } catch (RuntimeException e) { // a bug, or an object that no schema allows: it must not stop the partition
                metrics.failure("step");
                LOG.error("{} met what it does not expect", what, e);
                return new Attempt<>(null, "unexpected, see the actuator's log: " + e);
            }
        }
    }
}
