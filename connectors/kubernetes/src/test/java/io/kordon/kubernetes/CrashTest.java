package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The actuator dies between any two of its requests, be it that the last one took effect or not, and the command is run
 * again from the start, as its partition's next owner does.
 */
class CrashTest extends ContainmentContract {
    private static final List<String> NOTHING = List.of();

    /**
     * A command that is interrupted.
     *
     * @param done what was run before, whole
     * @param actions what is interrupted
     */
    private record Interrupted(List<String> done, List<String> actions) {
        Interrupted(List<String> done, String... actions) {
            this(done, List.of(actions));
        }

        @Override
        public String toString() {
            return String.join(" ", actions) + (done.isEmpty() ? "" : " after " + String.join(" ", done));
        }
    }

    private Map<String, String> seeded;

    @BeforeEach
    void rememberTheSeed() {
        seed();
        seeded = Snapshot.of(cluster.simulated());
        evidence.keep("incident-1");
        runner = mortal();
    }

    @AfterEach
    void reconnect() {
        cluster.simulated().reconnect();
    }

    static Stream<Interrupted> commands() {
        List<String> whole = List.of("label", "cordon", "detach", "isolate", "revoke");
        return Stream.of(
                new Interrupted(NOTHING, "label"),
                new Interrupted(NOTHING, "detach"),
                new Interrupted(NOTHING, "isolate"),
                new Interrupted(NOTHING, "cordon"),
                new Interrupted(NOTHING, "terminate"),
                new Interrupted(NOTHING, whole),
                new Interrupted(NOTHING, "revoke"),
                new Interrupted(NOTHING, "scale"),
                new Interrupted(NOTHING, "label", "cordon", "detach", "isolate", "terminate"),
                new Interrupted(List.of("scale"), "release"),
                new Interrupted(List.of("revoke"), "release"),
                new Interrupted(whole, "release"),
                new Interrupted(List.of("cordon"), "release"),
                new Interrupted(List.of("label", "cordon", "terminate"), "release"),
                new Interrupted(NOTHING, "release"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void endsInTheSameStateWhereverItDies(Interrupted interrupted) {
        String uid = uid();
        Command done = onPod(uid, interrupted.done()).build();
        Command command = onPod(uid, interrupted.actions()).setId("interrupted").build();
        prepare(done);
        List<Result> uninterrupted = run(runner, Command.newBuilder(command));
        assertThat(uninterrupted).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        Map<String, String> expected = Snapshot.of(cluster.simulated());
        int requests = cluster.calls().size();
        assertThat(requests).isPositive();

        for (int answered = 0; answered < requests; answered++) {
            for (boolean carriedOut : new boolean[] {false, true}) {
                prepare(done);
                cluster.simulated().cutOffAfter(answered, carriedOut);
                assertThat(dies(command))
                        .as("cut off after %d requests", answered)
                        .isTrue();
                cluster.simulated().reconnect();

                List<Result> again = run(runner, Command.newBuilder(command));

                assertThat(again)
                        .as(
                                "dead after %d of %d requests, the last one carried out: %s",
                                answered, requests, carriedOut)
                        .extracting(Result::getStatus)
                        .containsOnly(StepStatus.DONE);
                assertThat(Snapshot.of(cluster.simulated()))
                        .as(
                                "dead after %d of %d requests, the last one carried out: %s",
                                answered, requests, carriedOut)
                        .isEqualTo(expected);
            }
        }
    }

    /** The seeded cluster, and on it what was run before; nothing else, however the last round ended. */
    private void prepare(Command done) {
        cluster.simulated().clear();
        seed();
        cluster.simulated().reconnect();
        assertThat(Snapshot.of(cluster.simulated()).keySet()).isEqualTo(seeded.keySet());
        if (!done.getSteps().isEmpty()) {
            assertThat(whole(run(runner, Command.newBuilder(done))).getStatus()).isEqualTo(StepStatus.DONE);
        }
        cluster.forgetCalls();
    }

    private void seed() {
        cluster.seedTomcat();
        cluster.store(new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace("tomcat")
                .withName("edit")
                .withUid("edit")
                .endMetadata()
                .addNewSubject()
                .withKind("ServiceAccount")
                .withNamespace("tomcat")
                .withName(affected().getSpec().getServiceAccountName())
                .endSubject()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "edit")
                .build());
    }

    private boolean dies(Command command) {
        List<Result> results = new ArrayList<>();
        try {
            runner.run(command, results::add);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** One that ends where it would try again: nobody lives on after the cut. */
    private CommandRunner mortal() {
        ActuatorConfig config = ActuatorConfig.of(Commands.CLUSTER);
        return new CommandRunner(
                config,
                ContainmentSteps.with(evidence),
                Actuator.withoutRetries(client, config),
                Clock.fixed(Commands.NOW, ZoneOffset.UTC),
                duration -> {
                    throw new InterruptedException("dead");
                },
                new ActuatorMetrics(meters));
    }

    private static Command.Builder onPod(String uid, List<String> actions) {
        return Commands.onPod("tomcat", Commands.AFFECTED, uid, actions.toArray(String[]::new))
                .setApproval(Commands.APPROVAL); // the workload's last pod is scaled away, too
    }
}
