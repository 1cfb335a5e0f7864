package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kordon.avro.Command;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import io.kordon.schemas.EntityKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every step keeps to on any API server, the simulated one and real ones: the state before it, after it, after a
 * replay and after the release. All it needs is a client that may do everything; it makes its own objects and takes them
 * away.
 */
abstract class StepContract {
    private static final String POD = "web-1";

    private final KeptEvidence evidence = new KeptEvidence();
    private final String namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);
    private final String node = namespace + "-node";
    private KubernetesClient client;
    private CommandRunner runner;
    private Pod podBefore;
    private Node nodeBefore;
    private List<Subject> subjectsBefore;

    /** A client of the API server, closed by who gives it. */
    abstract KubernetesClient client();

    /** The client that steps are run with, which may do what they declare. */
    abstract KubernetesClient actuator();

    @BeforeEach
    void makeItsObjects() {
        client = client();
        ActuatorConfig config = ActuatorConfig.of(Commands.CLUSTER);
        runner = new CommandRunner(
                config,
                ContainmentSteps.with(evidence),
                Actuator.withoutRetries(actuator(), config),
                Clock.systemUTC(),
                RetryPolicy.Pause.SLEEP,
                new ActuatorMetrics(new SimpleMeterRegistry()));
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        client.resource(
                        new ServiceAccountBuilder() // the controller that makes it may not run
                                .withMetadata(named("default"))
                                .build())
                .serverSideApply();
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(node)
                        .addToLabels("kubernetes.io/os", "linux")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create();
        client.resource(new ServiceBuilder()
                        .withMetadata(named("web"))
                        .withNewSpec()
                        .addToSelector("app", "web")
                        .addNewPort()
                        .withPort(80)
                        .endPort()
                        .endSpec()
                        .build())
                .create();
        StatefulSet workload = client.resource(workload()).create();
        client.resource(binding()).create();
        client.resource(new PodBuilder()
                        .withMetadata(new ObjectMetaBuilder(named(POD))
                                .addNewOwnerReference()
                                .withApiVersion("apps/v1")
                                .withKind("StatefulSet")
                                .withName("web")
                                .withUid(workload.getMetadata().getUid())
                                .withController(true)
                                .endOwnerReference()
                                .addToLabels("app", "web")
                                .addToLabels("tier", "front")
                                .build())
                        .withNewSpec()
                        .withNodeName(node)
                        .addNewContainer()
                        .withName("web")
                        .withImage("web:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        podBefore = pod();
        nodeBefore = node();
        subjectsBefore = subjects();
        evidence.keep("incident-1");
    }

    @AfterEach
    void takeItsObjectsAway() {
        client.apps().statefulSets().inNamespace(namespace).withName("web").delete();
        client.rbac().roleBindings().inNamespace(namespace).withName("edit").delete();
        client.pods().inNamespace(namespace).withName(POD).withGracePeriod(0).delete();
        client.nodes().withName(node).delete();
        client.namespaces().withName(namespace).delete();
    }

    /** Those that have something to undo. */
    static Stream<String> reversible() {
        return ContainmentSteps.all().stream()
                .filter(step -> Arrays.stream(step.getClass().getDeclaredMethods())
                        .anyMatch(method -> method.getName().equals("release")
                                && method.getParameterCount() == 3
                                && method.getReturnType() == void.class))
                .map(ContainmentStep::action);
    }

    @ParameterizedTest
    @MethodSource("reversible")
    void isDoneThenChangesNothingThenIsUndone(String action) {
        holds(action);
    }

    @Test
    void isDoneThenChangesNothingThenIsUndoneAsAWhole() {
        holds("label", "cordon", "detach", "isolate", "revoke");
    }

    @Test
    void scalesTheWorkloadAndRevokesItsRights() {
        run("scale", "revoke");

        assertThat(replicas()).isZero();
        assertThat(subjects()).isEmpty();
    }

    @Test
    void contains() {
        run("label", "detach", "cordon");

        assertThat(Labels.of(pod().getMetadata()))
                .containsEntry("status", "affected")
                .doesNotContainKey("app")
                .containsEntry("tier", "front");
        assertThat(node().getSpec().getUnschedulable()).isTrue();
        assertThat(node().getMetadata().getLabels()).containsEntry("status", "affected");
    }

    @Test
    void terminatesThePodAndOnlyThis() {
        Command terminate = command("terminate").build();

        assertThat(run(terminate)).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(run(terminate)).extracting(Result::getStatus).containsOnly(StepStatus.DONE);

        Pod left = pod();
        assertThat(left == null || left.getMetadata().getDeletionTimestamp() != null)
                .isTrue();
    }

    private void holds(String... actions) {
        assertThat(run(actions)).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        Map<String, String> versions = versions();

        List<Result> replayed = run(actions);
        assertThat(replayed).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(replayed).extracting(Result::getChanged).containsOnly(false);
        assertThat(versions()).isEqualTo(versions);

        assertThat(run("release")).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        isAsBefore(pod().getMetadata(), podBefore.getMetadata());
        isAsBefore(node().getMetadata(), nodeBefore.getMetadata());
        assertThat(node().getSpec().getUnschedulable())
                .isEqualTo(nodeBefore.getSpec().getUnschedulable());
        assertThat(policies()).isEmpty();
        assertThat(replicas()).isEqualTo(1);
        assertThat(subjects()).isEqualTo(subjectsBefore);
        versions = versions();

        List<Result> again = run("release");
        assertThat(again).extracting(Result::getStatus).containsOnly(StepStatus.DONE);
        assertThat(again).extracting(Result::getChanged).containsOnly(false);
        assertThat(versions()).isEqualTo(versions);
    }

    private static void isAsBefore(ObjectMeta now, ObjectMeta before) {
        assertThat(now.getLabels()).isEqualTo(before.getLabels());
        assertThat(now.getAnnotations()).isEqualTo(before.getAnnotations());
        assertThat(now.getUid()).isEqualTo(before.getUid());
    }

    private Map<String, String> versions() {
        List<HasMetadata> objects = new ArrayList<>(policies());
        objects.add(pod());
        objects.add(node());
        objects.add(client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("web")
                .get());
        objects.add(client.rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName("edit")
                .get());
        Map<String, String> versions = new TreeMap<>();
        objects.forEach(object ->
                versions.put(StepRun.name(object), object.getMetadata().getResourceVersion()));
        return versions;
    }

    private StatefulSet workload() {
        return new StatefulSetBuilder()
                .withMetadata(named("web"))
                .withNewSpec()
                .withReplicas(1)
                .withServiceName("web")
                .withNewSelector()
                .addToMatchLabels("app", "web")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "web")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("web")
                .withImage("web:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    private RoleBinding binding() {
        return new RoleBindingBuilder()
                .withMetadata(named("edit"))
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName("default")
                .withNamespace(namespace)
                .endSubject()
                .withNewRoleRef()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("ClusterRole")
                .withName("edit")
                .endRoleRef()
                .build();
    }

    private int replicas() {
        return client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .withName("web")
                .get()
                .getSpec()
                .getReplicas();
    }

    private List<Subject> subjects() {
        List<Subject> subjects = client.rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName("edit")
                .get()
                .getSubjects();
        return subjects == null ? List.of() : subjects;
    }

    private List<? extends HasMetadata> policies() {
        return client.network()
                .v1()
                .networkPolicies()
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    private List<Result> run(String... actions) {
        return run(command(actions).build());
    }

    private List<Result> run(Command command) {
        return ContainmentContract.run(runner, Command.newBuilder(command));
    }

    private Command.Builder command(String... actions) {
        Instant now = Instant.now();
        Command.Builder command =
                Commands.onPod(namespace, POD, podBefore.getMetadata().getUid(), actions);
        return command.setEntity(EntityKey.podEntity(
                                Commands.CLUSTER,
                                namespace,
                                POD,
                                podBefore.getMetadata().getUid())
                        .setNode(node)
                        .build())
                .setIssuedAt(now)
                .setExpiresAt(now.plusSeconds(600));
    }

    private Pod pod() {
        return client.pods().inNamespace(namespace).withName(POD).get();
    }

    private Node node() {
        return client.nodes().withName(node).get();
    }

    private ObjectMeta named(String name) {
        return new ObjectMetaBuilder().withNamespace(namespace).withName(name).build();
    }
}
