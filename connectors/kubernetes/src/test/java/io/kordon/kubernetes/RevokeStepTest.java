package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.kordon.avro.Command;
import io.kordon.avro.StepStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RevokeStepTest extends SingleStepContract {
    private static final Subject OURS = account("tomcat", "tomcat");
    private static final Subject OTHER = account("tomcat", "other");
    private static final Subject NAMESAKE = account("shop", "tomcat");

    private final RevokeStep revoke = new RevokeStep(ProtectionConfig.DEFAULT);

    @BeforeEach
    void bind() {
        binding("tomcat", "edit", OTHER, OURS, NAMESAKE);
        binding("shop", "reader", OURS);
        clusterBinding("operators", Map.of(), user("system:serviceaccount:tomcat:tomcat"), NAMESAKE);
        clusterBinding("unrelated", Map.of(), OTHER);
        cluster.forgetCalls();
    }

    @Test
    void takesTheAccountOutOfEveryBindingAndPutsItBackWhereItWas() {
        List<JsonNode> before = bindings();

        StepOutcome outcome = run(revoke, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed())
                .containsEntry("serviceAccount", "tomcat/tomcat")
                .containsEntry("namedBy", "")
                .containsEntry("otherPods", "1");
        assertThat(outcome.observed().get("revoked"))
                .contains("RoleBinding tomcat/edit", "RoleBinding shop/reader", "ClusterRoleBinding operators");
        assertThat(outcome.detail())
                .contains("1 other running pods use the account")
                .contains("tokens stay good");
        assertThat(subjects("tomcat", "edit")).containsExactly(OTHER, NAMESAKE);
        assertThat(subjects("shop", "reader")).isEmpty();
        assertThat(changes()).extracting(call -> call.name()).doesNotContain("unrelated");
        cluster.forgetCalls();
        assertThat(run(revoke, "incident-1", Map.of()).status()).isEqualTo(StepStatus.DONE);
        assertThat(changes()).isEmpty();

        assertThat(release(revoke, "incident-1").released()).hasSize(3);
        assertThat(bindings()).containsExactlyInAnyOrderElementsOf(before);
        cluster.forgetCalls();
        assertThat(release(revoke, "incident-1").released()).isEmpty();
        assertThat(changes()).isEmpty();
    }

    @Test
    void keepsItOutWhileAnotherIncidentWantsIt() {
        run(revoke, "incident-1", Map.of());
        run(revoke, "incident-2", Map.of());

        Released first = release(revoke, "incident-1");

        assertThat(first.released()).isEmpty();
        assertThat(first.stillHeld()).hasSize(3);
        assertThat(subjects("shop", "reader")).isEmpty();
        assertThat(release(revoke, "incident-2").released()).hasSize(3);
        assertThat(subjects("shop", "reader")).containsExactly(OURS);
    }

    @Test
    void keepsWhatOthersDidToTheSubjectsMeanwhile() {
        run(revoke, "incident-1", Map.of());
        setSubjects("tomcat", "edit", NAMESAKE, OTHER, account("tomcat", "third"));

        release(revoke, "incident-1");

        assertThat(subjects("tomcat", "edit")).containsExactly(NAMESAKE, OURS, OTHER, account("tomcat", "third"));
    }

    @Test
    void takesItOutAgainWhereSomebodyPutItBackAndReturnsItOnce() {
        run(revoke, "incident-1", Map.of());
        setSubjects("shop", "reader", OURS);

        assertThat(run(revoke, "incident-1", Map.of()).status()).isEqualTo(StepStatus.DONE);
        assertThat(subjects("shop", "reader")).isEmpty();
        setSubjects("shop", "reader", OURS);
        release(revoke, "incident-1");

        assertThat(subjects("shop", "reader")).containsExactly(OURS);
    }

    @Test
    void releasesThoughThePodIsGone() {
        run(revoke, "incident-1", Map.of());
        Command.Builder command = command();
        cluster.remove(affected());

        assertThat(release(revoke, command).released()).hasSize(3);
        assertThat(subjects("shop", "reader")).containsExactly(OURS);
    }

    @Test
    void saysOfAPodThatIsGoneOnlyWhatStandsOnTheBindings() {
        Command.Builder command = command();
        Pod pod = affected();
        cluster.remove(pod);
        assertThat(revoke.whenGone(stepRun(command, Map.of(), false)).detail())
                .contains("no binding is held for the incident");

        cluster.store(pod);
        run(revoke, "incident-1", Map.of());
        cluster.remove(pod);
        cluster.forgetCalls();

        StepOutcome outcome = revoke.whenGone(stepRun(command, Map.of(), false));

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed().get("revoked")).contains("RoleBinding tomcat/edit", "RoleBinding shop/reader");
        assertThat(changes()).isEmpty();
    }

    @Test
    void givesNobodyRightsByAForgedRecord() {
        RoleBinding binding = client.rbac()
                .roleBindings()
                .inNamespace("shop")
                .withName("reader")
                .get();
        binding.getMetadata()
                .setAnnotations(Map.of(
                        Revocation.ANNOTATION,
                        "{\"uid\":\"" + binding.getMetadata().getUid()
                                + "\",\"tomcat/tomcat\":{\"incidents\":{\"incident-1\":\"\"},\"subjects\":[{\"index\":0,\"subject\":"
                                + "{\"kind\":\"User\",\"name\":\"eve\"}}]},\"shop/eve\":{\"incidents\":{\"incident-1\":\"\"},"
                                + "\"subjects\":[{\"index\":0,\"subject\":{\"kind\":\"ServiceAccount\",\"name\":\"eve\","
                                + "\"namespace\":\"shop\"}}]}}"));
        cluster.store(binding);

        release(revoke, "incident-1");

        assertThat(subjects("shop", "reader")).containsExactly(OURS);
    }

    @Test
    void saysWhatItStillMayThroughItsGroups() {
        clusterBinding("everybody", Map.of(), group("system:authenticated"));
        clusterBinding("namespace", Map.of(), group("system:serviceaccounts:tomcat"));
        clusterBinding("elsewhere", Map.of(), group("system:serviceaccounts:shop"));
        clusterBinding(
                "system:basic-user",
                Map.of("kubernetes.io/bootstrapping", "rbac-defaults"),
                group("system:authenticated"));

        StepOutcome outcome = run(revoke, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.DONE);
        assertThat(outcome.observed().get("throughGroups"))
                .contains("everybody", "namespace")
                .doesNotContain("elsewhere", "basic-user");
    }

    @Test
    void leavesKubernetesOwnBindingsAndProtectedNamespacesAndFailsForThem() {
        clusterBinding("system:hidden", Map.of("kubernetes.io/bootstrapping", "rbac-defaults"), OURS);
        binding("kube-system", "reader", OURS);

        StepOutcome outcome = run(revoke, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.FAILED);
        assertThat(outcome.detail())
                .contains("ClusterRoleBinding system:hidden is left")
                .contains("RoleBinding kube-system/reader is left, in a protected namespace");
        assertThat(subjects("kube-system", "reader")).containsExactly(OURS);
        assertThat(subjects("shop", "reader")).isEmpty();
    }

    @Test
    void leavesBindingsInANamespaceThatItsLabelProtects() {
        client.namespaces().withName("shop").edit(namespace -> {
            namespace.getMetadata().setLabels(Map.of(ProtectionConfig.DEFAULT_LABEL, "true"));
            return namespace;
        });

        StepOutcome outcome = run(revoke, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.FAILED);
        assertThat(outcome.detail()).contains("RoleBinding shop/reader is left, in a protected namespace");
        assertThat(subjects("shop", "reader")).containsExactly(OURS);
        assertThat(subjects("tomcat", "edit")).containsExactly(OTHER, NAMESAKE);
    }

    @Test
    void givesNoRightsByABindingThatWasCopiedWithItsRecord() {
        run(revoke, "incident-1", Map.of());
        RoleBinding copy = client.rbac()
                .roleBindings()
                .inNamespace("shop")
                .withName("reader")
                .get();
        copy.getMetadata().setName("copy");
        copy.getMetadata().setUid("copy");
        cluster.store(copy);

        release(revoke, "incident-1");

        assertThat(subjects("shop", "copy")).isEmpty();
        assertThat(subjects("shop", "reader")).containsExactly(OURS);
    }

    @Test
    void refusesItsOwnAccount() {
        cluster.simulated().actAs("system:serviceaccount:tomcat:tomcat");

        StepOutcome outcome = run(revoke, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.REFUSED);
        assertThat(outcome.detail()).contains("Kordon's own");
        assertThat(changes()).isEmpty();
    }

    @Test
    void goesOnWithOtherBindingsWhereOneIsForbiddenAndSaysWhatItNeeds() {
        cluster.failNext("patch", "rolebindings", 403, 1);

        StepOutcome outcome = run(revoke, "incident-1", Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.FAILED);
        assertThat(outcome.detail()).contains("403").contains("bind clusterroles.rbac.authorization.k8s.io");
        assertThat(client.rbac()
                        .clusterRoleBindings()
                        .withName("operators")
                        .get()
                        .getSubjects())
                .containsExactly(NAMESAKE);
    }

    @Test
    void takesAPodWithoutAnAccountForOneOfTheDefaultAccount() {
        binding("tomcat", "default-edit", account("tomcat", "default"));
        cluster.store(new PodBuilder(affected())
                .editSpec()
                .withServiceAccountName(null)
                .endSpec()
                .build());

        assertThat(run(revoke, "incident-1", Map.of()).observed())
                .containsEntry("serviceAccount", "tomcat/default")
                .containsEntry("revoked", "RoleBinding tomcat/default-edit");
    }

    @Test
    void touchesNothingForAPodThatTookTheName() {
        Command.Builder command = command();
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withUid("another")
                .endMetadata()
                .build());

        assertThat(outcome(revoke, stepRun(command, Map.of(), false)).detail()).contains("pod was replaced");
        assertThat(changes()).isEmpty();
    }

    @Test
    void saysInADryRunWhatItWouldTake() {
        StepOutcome outcome = dryRun(revoke, Map.of());

        assertThat(outcome.status()).isEqualTo(StepStatus.DRY_RUN);
        assertThat(outcome.detail()).contains("would take out of").contains("RoleBinding shop/reader");
        assertThat(changes()).isEmpty();
    }

    private List<JsonNode> bindings() {
        List<HasMetadata> all = new ArrayList<>();
        all.addAll(client.rbac().roleBindings().inAnyNamespace().list().getItems());
        all.addAll(client.rbac().clusterRoleBindings().list().getItems());
        return all.stream().map(SingleStepContract::withoutVersions).toList();
    }

    private List<Subject> subjects(String namespace, String name) {
        return client.rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName(name)
                .get()
                .getSubjects();
    }

    private void setSubjects(String namespace, String name, Subject... subjects) {
        client.rbac().roleBindings().inNamespace(namespace).withName(name).edit(binding -> {
            binding.setSubjects(Arrays.asList(subjects));
            return binding;
        });
    }

    private void binding(String namespace, String name, Subject... subjects) {
        RoleBinding binding = new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "edit")
                .withSubjects(subjects)
                .build();
        client.resource(binding).create();
    }

    private void clusterBinding(String name, Map<String, String> labels, Subject... subjects) {
        ClusterRoleBinding binding = new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "view")
                .withSubjects(subjects)
                .build();
        cluster.store(binding);
    }

    private static Subject account(String namespace, String name) {
        return new SubjectBuilder()
                .withKind("ServiceAccount")
                .withNamespace(namespace)
                .withName(name)
                .build();
    }

    private static Subject user(String name) {
        return new SubjectBuilder()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("User")
                .withName(name)
                .build();
    }

    private static Subject group(String name) {
        return new SubjectBuilder()
                .withApiGroup("rbac.authorization.k8s.io")
                .withKind("Group")
                .withName(name)
                .build();
    }
}
