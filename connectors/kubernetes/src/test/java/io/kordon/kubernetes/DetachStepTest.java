package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.kordon.avro.Result;
import io.kordon.avro.StepStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetachStepTest extends ContainmentContract {
    @Test
    void removesWhatServiceReplicaSetAndBudgetSelectAndRemembersIt() {
        Result result = first(run(command("detach")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getChanged()).isTrue();
        assertThat(result.getObserved()).containsEntry("selectedBy", "");
        assertThat(affectedLabels()).doesNotContainKeys("app", "pod-template-hash");
        assertThat(Hold.of(affected()).before())
                .hasToString("{\"metadata\":{\"labels\":{\"app\":\"tomcat\",\"pod-template-hash\":\"89bb8c5c7\"}}}");
    }

    @Test
    void remembersTheFirstValueForeverAndAddsWhatIsRemovedLater() {
        run(command("detach"));
        service("late", "tier", "web");
        client.pods().inNamespace("tomcat").withName(Commands.AFFECTED).edit(pod -> {
            pod.getMetadata().getLabels().put("app", "tomcat-again");
            pod.getMetadata().getLabels().put("tier", "web");
            return pod;
        });
        service("again", "app", "tomcat-again");

        Result result = first(run(command("detach")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(Hold.of(affected()).before())
                .hasToString("{\"metadata\":{\"labels\":{\"app\":\"tomcat\","
                        + "\"pod-template-hash\":\"89bb8c5c7\",\"tier\":\"web\"}}}");
        assertThat(affectedLabels()).doesNotContainKeys("app", "tier");
    }

    @Test
    void removesWhatExpressionsAskFor() {
        daemonSet(new LabelSelectorBuilder()
                .addToMatchExpressions(new LabelSelectorRequirement("app", "In", List.of("tomcat", "jetty")))
                .addToMatchExpressions(new LabelSelectorRequirement("pod-template-hash", "Exists", null))
                .build());

        assertThat(first(run(command("detach"))).getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(affectedLabels()).doesNotContainKeys("app", "pod-template-hash");
    }

    @Test
    void failsWhereAWorkloadSelectsByAbsence() {
        daemonSet(new LabelSelectorBuilder()
                .addToMatchExpressions(new LabelSelectorRequirement("exempt", "DoesNotExist", null))
                .build());

        Result result = first(run(command("detach")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.FAILED);
        assertThat(result.getDetail()).contains("DaemonSet agent").contains("absence");
    }

    @Test
    void saysWhatEachOwnerWillDoAboutIt() {
        Result result = first(run(command("detach")));

        assertThat(result.getDetail())
                .contains("ReplicaSet tomcat-depl-89bb8c5c7 replaces the pod at once")
                .contains("PodDisruptionBudget tomcat no longer counts the pod");
        assertThat(first(run(Commands.onPod(
                                        "tomcat",
                                        Commands.OTHER,
                                        pod("tomcat", Commands.OTHER)
                                                .getMetadata()
                                                .getUid(),
                                        "detach")
                                .setMode(io.kordon.avro.Mode.DRY_RUN)))
                        .getDetail())
                .contains("ReplicaSet tomcat-depl-89bb8c5c7 replaces the pod at once");
    }

    @Test
    void saysThatADaemonSetsNextPodWantsTheSamePortOfTheNode() {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withLabels(java.util.Map.of("agent", "yes"))
                .withOwnerReferences()
                .endMetadata()
                .editSpec()
                .editFirstContainer()
                .addNewPort()
                .withContainerPort(9100)
                .withHostPort(9100)
                .endPort()
                .endContainer()
                .endSpec()
                .build());
        daemonSet(new LabelSelectorBuilder().addToMatchLabels("agent", "yes").build());

        assertThat(first(run(command("detach"))).getDetail())
                .contains(
                        "DaemonSet agent starts another pod on the same node at once, which cannot run before this one"
                                + " is gone: both want host port 9100");
    }

    @Test
    void saysThatAJobDoesItsWorkAgain() {
        client.resource(new JobBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("import")
                        .endMetadata()
                        .withNewSpec()
                        .withNewSelector()
                        .addToMatchLabels("app", "tomcat")
                        .endSelector()
                        .endSpec()
                        .build())
                .create();

        assertThat(first(run(command("detach"))).getDetail())
                .contains("Job import starts another pod, which does the work again");
    }

    @Test
    void saysThatNothingReplacesABarePod() {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .withLabels(java.util.Map.of("bare", "yes"))
                .withOwnerReferences()
                .endMetadata()
                .build());

        assertThat(first(run(command("detach"))).getDetail()).contains("no workload owns the pod: nothing replaces it");
    }

    @Test
    void refusesAStaticPodAndSaysWhereItsManifestIs() {
        cluster.store(new PodBuilder(affected())
                .editMetadata()
                .addToAnnotations("kubernetes.io/config.mirror", "d0a5")
                .endMetadata()
                .build());
        cluster.forgetCalls();
        evidence.keep("incident-1");

        List<Result> results = run(command("detach", "terminate"));

        assertThat(results).extracting(Result::getStatus).containsOnly(StepStatus.REFUSED);
        assertThat(first(results).getDetail()).contains("worker-1").contains("/etc/kubernetes/manifests");
        assertThat(writes()).isEmpty();
    }

    @Test
    void saysThatAStatefulSetCannotReplaceThePodYet() {
        client.resource(new StatefulSetBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("db")
                        .endMetadata()
                        .withNewSpec()
                        .withNewSelector()
                        .addToMatchLabels("app", "tomcat")
                        .endSelector()
                        .endSpec()
                        .build())
                .create();

        Result result = first(run(command("detach")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getDetail()).contains("StatefulSet db replaces the pod only when it is deleted");
    }

    @Test
    void isDoneThoughABudgetSelectsEverythingAndSaysSo() {
        client.resource(new PodDisruptionBudgetBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("all")
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(new LabelSelector())
                        .endSpec()
                        .build())
                .create();

        Result result = first(run(command("detach")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getDetail()).contains("PodDisruptionBudget all");
    }

    @Test
    void keepsTheLabelsThatTheSameCommandSetsAndSaysThatAServiceSelectsThem() {
        service("quarantine", "status", "affected");

        List<Result> results = run(command("label", "detach", "cordon"));

        assertThat(affectedLabels()).containsEntry("status", "affected");
        assertThat(results)
                .extracting(Result::getStatus)
                .containsExactly(StepStatus.DONE, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.FAILED);
        assertThat(results.get(1).getDetail()).contains("Service quarantine");
    }

    @Test
    void readsAgainWhenThePodChangedMeanwhile() {
        cluster.failNext("patch", "pods", 409, 2);

        Result result = first(run(command("detach")));

        assertThat(result.getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(result.getChanged()).isTrue();
        assertThat(pauses).hasSize(2);
    }

    @Test
    void survivesAnAnnotationThatSomeoneElseSpoiled() {
        client.pods().inNamespace("tomcat").withName(Commands.AFFECTED).edit(pod -> {
            pod.getMetadata().setAnnotations(java.util.Map.of(Hold.ANNOTATION, "{not json"));
            return pod;
        });

        assertThat(first(run(command("detach"))).getStatus()).isEqualTo(StepStatus.DONE);
        assertThat(Hold.of(affected()).before().at("/metadata/labels/app").asString())
                .isEqualTo("tomcat");
    }

    private void service(String name, String key, String value) {
        client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .addToSelector(key, value)
                        .endSpec()
                        .build())
                .create();
    }

    private void daemonSet(LabelSelector selector) {
        client.resource(new DaemonSetBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("agent")
                        .endMetadata()
                        .withNewSpec()
                        .withSelector(selector)
                        .endSpec()
                        .build())
                .create();
    }
}
