package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.avro.Command;
import io.kordon.avro.Entity;
import io.kordon.avro.Mode;
import io.kordon.avro.OnFailure;
import io.kordon.avro.Result;
import io.kordon.avro.Step;
import io.kordon.avro.StepStatus;
import io.kordon.schemas.KubernetesNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs commands against the API server, one step after the other, and says what came of each. Knows no Kafka. */
final class CommandRunner {
    /** Index of the result for the whole run. */
    static final int RUN = -1;

    private static final int TURNS = 256;
    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    private final ActuatorConfig config;
    private final ContainmentSteps steps;
    private final KubernetesClient client;
    private final Clock clock;
    private final ActuatorMetrics metrics;
    private final Attempts attempts;
    private final Guardrails guardrails;
    private final EvidenceFirst evidence;

    /** Of the runs that lessen the healthy pods of one workload, one judges and acts at a time; a lock per UIDs' hash. */
    private final List<Lock> turns =
            IntStream.range(0, TURNS).<Lock>mapToObj(i -> new ReentrantLock()).toList();

    CommandRunner(
            ActuatorConfig config,
            ContainmentSteps steps,
            KubernetesClient client,
            Clock clock,
            RetryPolicy.Pause pause,
            ActuatorMetrics metrics) {
        this.config = config;
        this.steps = steps;
        this.client = client;
        this.clock = clock;
        this.metrics = metrics;
        this.attempts = new Attempts(config.retry(), pause, metrics);
        this.guardrails = new Guardrails(config.protection(), client);
        this.evidence = new EvidenceFirst(steps.evidence());
    }

    /** Whether the command is for this actuator's cluster. */
    boolean serves(Command command) {
        return command.getEntity().getCluster().equals(config.cluster());
    }

    /**
     * Runs the command.
     *
     * @param results gets one result per step as soon as it is known, and the run's result last; of a command that waits for
     *     an approval only the latter
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
            metrics.begun(command.getIssuedAt(), startedAt);
            String refusal = guardrails.refusal(command, startedAt);
            if (refusal != null) {
                endAll(StepOutcome.refused(refusal));
                return;
            }
            Attempts.Outcome<Resolution> attempt = look("resolve", () -> Resolution.of(command, client));
            Resolution resolution = attempt.value();
            if (resolution == null) {
                failFirst("the pod could not be read: " + attempt.failure());
            } else if (Guardrails.releases(command)) {
                release(resolution);
            } else if (resolution instanceof Resolution.Refused refused) {
                endAll(StepOutcome.refused(refused.detail()));
            } else if (resolution instanceof Resolution.Failed failed) {
                failFirst(failed.detail());
            } else {
                inNamespace(resolution);
            }
        }

        /** What is held for an incident is given back whether or not its pod is there. */
        private void release(Resolution resolution) throws InterruptedException {
            Entity named = command.getEntity();
            if (resolution instanceof Resolution.Found found) {
                acting(found);
                steps(found.target(), false);
            } else if (KubernetesNames.isPod(named.getNamespace(), named.getName())) {
                String uid = Objects.requireNonNullElse(named.getUid(), "");
                steps(
                        new PodTarget(
                                Objects.requireNonNull(named.getNamespace()),
                                Objects.requireNonNull(named.getName()),
                                uid),
                        true);
            } else {
                endAll(StepOutcome.refused("the command names no pod: entity " + named.getKey()));
            }
        }

        private void inNamespace(Resolution resolution) throws InterruptedException {
            String namespace = Objects.requireNonNull(command.getEntity().getNamespace());
            Attempts.Outcome<Optional<String>> refusal =
                    look("guard", () -> Optional.ofNullable(guardrails.refusal(namespace)));
            if (refusal.value() == null) {
                failFirst("whether namespace " + namespace + " is protected could not be read: " + refusal.failure());
            } else if (refusal.value().isPresent()) {
                endAll(StepOutcome.refused(refusal.value().orElseThrow()));
            } else if (resolution instanceof Resolution.Found found) {
                acting(found);
                inTurn(found);
            } else if (resolution instanceof Resolution.Gone gone) {
                gone(gone);
            }
        }

        private void acting(Resolution.Found found) {
            Entity.Builder acted =
                    Entity.newBuilder(entity).setUid(found.target().uid());
            if (entity.getNode() == null && found.pod().getSpec() != null) {
                acted.setNode(found.pod().getSpec().getNodeName());
            }
            entity = acted.build();
        }

        private void inTurn(Resolution.Found found) throws InterruptedException {
            Attempts.Outcome<Optional<String>> budget =
                    look("guard", () -> Optional.ofNullable(guardrails.budgetOf(command, found.pod())));
            if (budget.value() == null) {
                failFirst("the pod's workload could not be read: " + budget.failure());
                return;
            }
            Lock turn = budget.value()
                    .map(uid -> turns.get(Math.floorMod(uid.hashCode(), TURNS)))
                    .orElseGet(ReentrantLock::new);
            turn.lockInterruptibly();
            try {
                stepsUnlessToWait(found.target(), false);
            } finally {
                turn.unlock();
            }
        }

        private void stepsUnlessToWait(PodTarget target, boolean gone) throws InterruptedException {
            StepRun reading = stepRun(target, Map.of());
            Attempts.Outcome<Optional<String>> wait = look("guard", () -> {
                Pod pod = gone ? null : reading.pod(); // again: another run may have had the turn before
                return Optional.ofNullable(guardrails.reasonToWait(command, pod));
            });
            if (wait.value() == null) {
                failFirst("whether an approval is needed could not be read: " + wait.failure());
            } else if (wait.value().isEmpty()) {
                steps(target, gone);
            } else if (dryRun) {
                notDone.add("it would wait for an approval: " + wait.value().orElseThrow());
                steps(target, gone);
            } else {
                waiting(wait.value().orElseThrow());
            }
        }

        /**
         * A command that ends with the pod's deletion finds it gone when it is replayed: then everything it wants of the
         * pod holds, and only what is not the pod is left. A command that wants the pod to stay has failed.
         */
        private void gone(Resolution.Gone gone) throws InterruptedException {
            boolean kills = command.getSteps().stream().map(Step::getAction).anyMatch(EvidenceFirst.KILLS::contains);
            if (kills) {
                stepsUnlessToWait(gone.target(), true);
            } else {
                failFirst(gone.detail());
            }
        }

        private void steps(PodTarget target, boolean gone) throws InterruptedException {
            boolean stopped = false;
            boolean captured = false;
            for (Step step : command.getSteps()) {
                Instant began = clock.instant();
                if (stopped) {
                    report(step, StepOutcome.skipped("an earlier step failed"), false, began);
                    continue;
                }
                StepRun run = stepRun(target, step.getParameters());
                StepOutcome outcome = outcome(step, run, gone, captured);
                stopped = outcome.status() == StepStatus.FAILED && step.getOnFailure() != OnFailure.CONTINUE;
                captured |= step.getAction().equals(EvidenceFirst.CAPTURE)
                        && (outcome.bundle() != null || outcome.status() == StepStatus.DRY_RUN);
                report(step, outcome.with(run.notes()), run.changed(), began);
            }
            end();
        }

        private StepRun stepRun(PodTarget target, Map<String, String> parameters) {
            return new StepRun(client, command, target, parameters, keptLabels(), dryRun);
        }

        private StepOutcome outcome(Step step, StepRun run, boolean gone, boolean captured)
                throws InterruptedException {
            Optional<ContainmentStep> known = steps.of(step.getAction());
            if (known.isEmpty()) {
                return StepOutcome.failed(
                        "there is no step '" + step.getAction() + "'; there are " + String.join(", ", steps.actions()));
            }
            ContainmentStep kind = known.orElseThrow();
            Duration limit = config.limit(step.getTimeoutMillis());
            Attempts.Outcome<StepOutcome> attempt = TimeLimit.within(
                            limit,
                            kind.action(),
                            () -> attempts.of(kind.action(), kind.permissions(), () -> act(kind, run, gone, captured)),
                            run::abandon)
                    .orElseGet(() -> new Attempts.Outcome<>(null, late(limit)));
            return attempt.value() == null ? StepOutcome.failed(attempt.failure()) : attempt.value();
        }

        private StepOutcome act(ContainmentStep kind, StepRun run, boolean gone, boolean captured) throws StepFailure {
            String off = steps.objection(kind.action());
            boolean killed = gone && kind.action().equals(TerminateStep.ACTION); // then there is nothing to lose
            String objection = off != null || killed ? off : evidence.objection(kind.action(), command, captured);
            if (objection != null) {
                return dryRun
                        ? StepOutcome.wouldDo("would be refused: " + objection, Map.of())
                        : StepOutcome.refused(objection);
            }
            return gone ? kind.whenGone(run) : kind.run(run);
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

        private void waiting(String reason) {
            metrics.command(StepStatus.WAITING);
            LOG.info("command {} waits for an approval: {}", command.getId(), reason);
            results.accept(result(RUN, "run", StepOutcome.waiting(reason), false, startedAt));
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

        private static String allDone(int steps) {
            return steps == 1 ? "done" : "all " + steps + " steps done";
        }

        private void end() {
            StepStatus status = overall();
            metrics.command(status);
            StepOutcome outcome = new StepOutcome(
                    status, notDone.isEmpty() ? allDone(statuses.size()) : String.join("; ", notDone), Map.of());
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
                    .setDetail(outcome.detail())
                    .setObserved(outcome.observed())
                    .setBundle(outcome.bundle())
                    .setStartedAt(began)
                    .setFinishedAt(clock.instant())
                    .build();
        }
    }

    /** Reads what must be known before the first step, for as long as a step may take. */
    private <T> Attempts.Outcome<T> look(String what, Attempts.Work<T> work) throws InterruptedException {
        return TimeLimit.within(
                        config.stepTimeout(), what, () -> attempts.of(what, ContainmentStep.RESOLVE, work), () -> {})
                .orElseGet(() -> new Attempts.Outcome<>(null, late(config.stepTimeout())));
    }

    private String late(Duration limit) {
        metrics.failure("timeout");
        return "not done within " + limit.toMillis()
                + " ms, its timeout: what it asked answers too slowly or not at all;"
                + " what was begun is finished when the command is run again";
    }
}
