package io.kordon.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a real API server demands of a Service or a workload and a test does not say, because it is not about that:
 * ports, and a template that the selector selects.
 */
final class CompletingSerialization extends KubernetesSerialization {
    @Override
    public <T> String asJson(T object) {
        return super.asJson(complete(object));
    }

    private static Object complete(Object object) {
        if (object instanceof Service service && service.getSpec().getPorts().isEmpty()) {
            return new ServiceBuilder(service)
                    .editSpec()
                    .addNewPort()
                    .withPort(80)
                    .endPort()
                    .endSpec()
                    .build();
        } else if (object instanceof Deployment one && one.getSpec().getTemplate() == null) {
            return new DeploymentBuilder(one)
                    .editSpec()
                    .withTemplate(template(one.getSpec().getSelector(), "Always"))
                    .endSpec()
                    .build();
        } else if (object instanceof ReplicaSet one && one.getSpec().getTemplate() == null) {
            return new ReplicaSetBuilder(one)
                    .editSpec()
                    .withTemplate(template(one.getSpec().getSelector(), "Always"))
                    .endSpec()
                    .build();
        } else if (object instanceof StatefulSet one && one.getSpec().getTemplate() == null) {
            return new StatefulSetBuilder(one)
                    .editSpec()
                    .withTemplate(template(one.getSpec().getSelector(), "Always"))
                    .endSpec()
                    .build();
        } else if (object instanceof DaemonSet one && one.getSpec().getTemplate() == null) {
            return new DaemonSetBuilder(one)
                    .editSpec()
                    .withTemplate(template(one.getSpec().getSelector(), "Always"))
                    .endSpec()
                    .build();
        } else if (object instanceof Job one && one.getSpec().getTemplate() == null) {
            return new JobBuilder(one)
                    .editSpec()
                    .withManualSelector(one.getSpec().getSelector() != null)
                    .withTemplate(template(one.getSpec().getSelector(), "Never"))
                    .endSpec()
                    .build();
        }
        return object;
    }

    private static PodTemplateSpec template(@Nullable LabelSelector selector, String restart) {
        Map<String, String> labels = new HashMap<>();
        if (selector != null) {
            labels.putAll(Objects.requireNonNullElse(selector.getMatchLabels(), Map.of()));
            selector.getMatchExpressions().forEach(part -> {
                if (part.getOperator().equals("In")) {
                    labels.putIfAbsent(part.getKey(), part.getValues().get(0));
                } else if (part.getOperator().equals("Exists")) {
                    labels.putIfAbsent(part.getKey(), "");
                }
            });
        }
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(restart)
                .addNewContainer()
                .withName("main")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build();
    }
}
