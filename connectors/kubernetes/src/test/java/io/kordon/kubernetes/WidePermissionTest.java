package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.kordon.avro.StepStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Of steps whose requests depend on what the cluster has: all that they declare is asked for somewhere, and no more. */
class WidePermissionTest extends SingleStepContract {
    static final Set<String> STEPS = Set.of(IsolateStep.ACTION, RevokeStep.ACTION, ScaleStep.ACTION);

    private final Set<Permission> used = new HashSet<>();

    @Test
    void isolatesByWhatItDeclares() {
        IsolateStep isolate = new IsolateStep();
        hold(isolate);
        assertThat(used)
                .noneMatch(permission -> !permission.group().endsWith(".k8s.io")
                        && !permission.group().isEmpty());
        install(CalicoPolicies.CRD_KIND, CalicoPolicies.CRD_GLOBAL);
        hold(isolate);
        PolicyFamily.OPTIONAL.forEach(this::install);
        hold(isolate);

        Set<Permission> declared = new HashSet<>(isolate.permissions());
        declared.removeAll(CalicoPolicies.TIERS); // asked for by Calico's API server, of a resource that is none
        assertThat(used).containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void scalesByWhatItDeclares() {
        ScaleStep scale = new ScaleStep();
        install(ScaleStep.SCALED_OBJECT);
        hold(scale);
        for (HasMetadata workload : List.of(
                new ReplicaSetBuilder()
                        .withNewMetadata()
                        .withName("a")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build(),
                new StatefulSetBuilder()
                        .withNewMetadata()
                        .withName("b")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build(),
                new ReplicationControllerBuilder()
                        .withNewMetadata()
                        .withName("c")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build(),
                new JobBuilder()
                        .withNewMetadata()
                        .withName("d")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build(),
                new CronJobBuilder()
                        .withNewMetadata()
                        .withName("e")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())) {
            workload.getMetadata().setNamespace("tomcat");
            HasMetadata created = client.resource(workload).create();
            if (created instanceof CronJob) {
                created = client.resource(jobOf(created)).create();
            }
            cluster.store(new PodBuilder(affected())
                    .editMetadata()
                    .withOwnerReferences()
                    .addNewOwnerReference()
                    .withApiVersion(created.getApiVersion())
                    .withKind(created.getKind())
                    .withName(created.getMetadata().getName())
                    .withUid(created.getMetadata().getUid())
                    .withController(true)
                    .endOwnerReference()
                    .endMetadata()
                    .build());
            hold(scale);
        }

        assertThat(used).containsExactlyInAnyOrderElementsOf(scale.permissions());
    }

    @Test
    void revokesByWhatItDeclares() {
        RevokeStep revoke = new RevokeStep(ProtectionConfig.DEFAULT);
        client.resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("edit")
                        .endMetadata()
                        .addNewSubject(null, "ServiceAccount", "tomcat", "tomcat")
                        .build())
                .create();
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName("edit")
                        .endMetadata()
                        .addNewSubject(null, "ServiceAccount", "tomcat", "tomcat")
                        .build())
                .create();
        hold(revoke);

        Set<Permission> declared = new HashSet<>(revoke.permissions());
        declared.removeIf(permission -> permission.verb().equals("bind")); // asked for by the patch of a binding
        used.removeIf(
                permission -> permission.resource().equals("namespaces")); // of RESOLVE, for those protected by label
        assertThat(used).containsExactlyInAnyOrderElementsOf(declared);
    }

    private static Job jobOf(HasMetadata cronJob) {
        return new JobBuilder()
                .withNewMetadata()
                .withName("f")
                .withNamespace("tomcat")
                .addNewOwnerReference()
                .withApiVersion(cronJob.getApiVersion())
                .withKind(cronJob.getKind())
                .withName(cronJob.getMetadata().getName())
                .withUid(cronJob.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    /** Holds for two incidents and lets go for both. */
    private void hold(ContainmentStep step) {
        cluster.forgetCalls();
        assertThat(run(step, "incident-1", Map.of()).status()).isEqualTo(StepStatus.DONE);
        assertThat(run(step, "incident-2", Map.of()).status()).isEqualTo(StepStatus.DONE);
        release(step, "incident-1");
        release(step, "incident-2");
        used.addAll(cluster.calls().stream()
                .map(call -> new Permission(call.verb(), call.group(), call.resource()))
                .collect(Collectors.toSet()));
    }
}
