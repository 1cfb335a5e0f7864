package io.kordon.kubernetes.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedClusterTest {
    private static final String POD = "tomcat-depl-89bb8c5c7-lspcw";

    private SimulatedCluster cluster;
    private KubernetesClient client;

    @BeforeEach
    void start() {
        cluster = SimulatedCluster.start(0);
        client = cluster.client();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void servesWholeNetworksWhereItIsToldTo() throws IOException {
        try (SimulatedCluster open = SimulatedCluster.start("0.0.0.0", 0)) {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InetAddress address : Collections.list(each.getInetAddresses())) {
                    if (address instanceof Inet4Address) {
                        new Socket(address, open.port()).close();
                    }
                }
            }
            assertThat(open.url()).isEqualTo("http://127.0.0.1:" + open.port());
            assertThat(open.client().namespaces().list().getItems()).isEmpty();
        }
    }

    @Test
    void seedsThePodsThatTheCapturedAlertsNameWithTheirOwnersAndAges() {
        cluster.seedTomcat();

        Pod pod = pod();
        assertThat(pod.getMetadata().getCreationTimestamp())
                .isLessThan(java.time.Instant.now().minusSeconds(3600).toString());
        assertThat(pod.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(client.apps()
                                .replicaSets()
                                .inNamespace("tomcat")
                                .withName(owner.getName())
                                .get()
                                .getMetadata()
                                .getUid())
                        .isEqualTo(owner.getUid()));
        assertThat(pod.getStatus().getContainerStatuses().get(0).getContainerID())
                .matches("containerd://[0-9a-f]{64}");
        assertThat(client.pods()
                        .inNamespace("tomcat")
                        .withLabel("app", "tomcat")
                        .list()
                        .getItems())
                .hasSize(2);
        assertThat(client.pods()
                        .inNamespace("shop")
                        .withName("cart-6d4cf56db6-9q7wz")
                        .get())
                .isNotNull();
        assertThat(client.pods().inAnyNamespace().list().getItems()).hasSize(4);
        assertThat(client.nodes().list().getItems()).hasSize(3);
    }

    @Test
    void keepsTheUidOfAPodBetweenSeedings() {
        cluster.seedTomcat();
        String uid = pod().getMetadata().getUid();

        cluster.seedTomcat();

        assertThat(pod().getMetadata().getUid()).isEqualTo(uid);
    }

    @Test
    void appliesWhatIsAbsentByCreatingIt() {
        apply(config(Map.of("a", "1")), "one", false);

        ConfigMap created = config();
        assertThat(created.getData()).isEqualTo(Map.of("a", "1"));
        assertThat(created.getMetadata().getUid()).isNotBlank();
        assertThat(created.getMetadata().getCreationTimestamp()).isNotBlank();
    }

    @Test
    void mergesWhatTwoManagersApplyAndRemovesWhatOneNoLongerStates() {
        apply(config(Map.of("a", "1", "shared", "s")), "one", false);
        apply(config(Map.of("b", "2", "shared", "s")), "two", false);
        assertThat(config().getData()).isEqualTo(Map.of("a", "1", "b", "2", "shared", "s"));

        apply(config(Map.of("c", "3")), "one", false);

        assertThat(config().getData()).isEqualTo(Map.of("b", "2", "c", "3", "shared", "s"));
    }

    @Test
    void refusesToOverwriteAnothersFieldUnlessForced() {
        apply(config(Map.of("a", "1")), "one", false);

        assertThat(refused(() -> apply(config(Map.of("a", "2")), "two", false)).getCode())
                .isEqualTo(409);
        apply(config(Map.of("a", "2")), "two", true);
        apply(config(Map.of("b", "1")), "one", false);

        assertThat(config().getData()).isEqualTo(Map.of("a", "2", "b", "1"));
    }

    @Test
    void keepsTheVersionWhenAnApplyChangesNothing() {
        apply(config(Map.of("a", "1")), "one", false);
        String version = config().getMetadata().getResourceVersion();

        apply(config(Map.of("a", "1")), "one", false);

        assertThat(config().getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void appliesToWhatWasNeverAppliedWithoutLosingIt() {
        cluster.seedTomcat();
        Pod before = pod();

        applyLabel(before.getMetadata().getUid());

        assertThat(pod().getMetadata().getLabels())
                .containsEntry("app", "tomcat")
                .containsEntry("status", "affected");
        assertThat(pod().getSpec()).isEqualTo(before.getSpec());
        assertThat(pod().getStatus()).isEqualTo(before.getStatus());
        assertThat(pod().getMetadata().getCreationTimestamp())
                .isEqualTo(before.getMetadata().getCreationTimestamp());
    }

    @Test
    void refusesToApplyToAnotherUidOrToCreateAnObjectThatHadOne() {
        assertThat(refused(() -> applyLabel("00000000-0000-0000-0000-000000000000")))
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(409))
                .hasMessageContaining("no existing object was found");
        cluster.seedTomcat();

        assertThat(refused(() -> applyLabel("00000000-0000-0000-0000-000000000000")))
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(422))
                .hasMessageContaining("field is immutable");
        assertThat(pod().getMetadata().getLabels()).doesNotContainKey("status");
    }

    @Test
    void replacesASelectorAsAWholeAndLeavesAloneTheRulesOfOthers() {
        applyPolicy(Map.of("app", "tomcat"));
        client.resource(policy()).edit(policy -> {
            policy.getSpec().getPodSelector().setMatchLabels(Map.of("app", "nobody", "more", "x"));
            policy.getSpec().setIngress(List.of(new NetworkPolicyIngressRule()));
            return policy;
        });

        applyPolicy(Map.of("app", "tomcat"));

        assertThat(policy().getSpec().getPodSelector().getMatchLabels()).isEqualTo(Map.of("app", "tomcat"));
        assertThat(policy().getSpec().getIngress()).hasSize(1);
    }

    @Test
    void refusesALabelThatIsNone() {
        cluster.seedTomcat();

        assertThat(refused(() -> merge("{\"metadata\":{\"labels\":{\"team\":\"a b\"}}}")))
                .satisfies(e -> assertThat(e.getCode()).isEqualTo(422))
                .hasMessageContaining("Pod \"" + POD + "\" is invalid: metadata.labels");
        assertThat(pod().getMetadata().getLabels()).doesNotContainKey("team");
    }

    @Test
    void makesANodeUnschedulable() {
        cluster.seedTomcat();

        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("worker-1")
                        .endMetadata()
                        .withNewSpec()
                        .withUnschedulable(true)
                        .endSpec()
                        .build())
                .fieldManager("test")
                .serverSideApply();

        assertThat(client.nodes().withName("worker-1").get().getSpec().getUnschedulable())
                .isTrue();
        assertThat(client.nodes().withName("worker-1").get().getMetadata().getLabels())
                .containsEntry("kubernetes.io/os", "linux");
    }

    @Test
    void removesByMergePatchAndOnlyFromTheVersionThatWasRead() {
        cluster.seedTomcat();
        Pod read = pod();
        String patch = "{\"metadata\":{\"uid\":\"%s\",\"resourceVersion\":\"%s\",\"labels\":{\"app\":null}}}"
                .formatted(read.getMetadata().getUid(), read.getMetadata().getResourceVersion());

        merge(patch);
        assertThat(pod().getMetadata().getLabels())
                .doesNotContainKey("app")
                .containsEntry("pod-template-hash", "89bb8c5c7");

        assertThat(refused(() -> merge(patch)).getCode()).isEqualTo(409);
        assertThat(refused(() -> merge("{\"metadata\":{\"uid\":\"another\"}}")).getCode())
                .isEqualTo(422);
        assertThat(refused(() -> merge("{\"metadata\":{\"uid\":\"another\",\"resourceVersion\":\"1\"}}"))
                        .getCode())
                .isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource({"uid,409", "resourceVersion,409"})
    void deletesOnlyWhatThePreconditionsName(String precondition, int code) {
        cluster.seedTomcat();
        Pod pod = pod();

        assertThat(refused(() -> delete(precondition, "another")).getCode()).isEqualTo(code);
        assertThat(pod()).isNotNull();

        delete("uid", pod.getMetadata().getUid());
        assertThat(pod()).isNull();
    }

    @Test
    void removesWhatOnlyADeletedObjectOwned() {
        cluster.seedTomcat();
        ConfigMap owned = new ConfigMapBuilder(config(Map.of("a", "1")))
                .editMetadata()
                .addNewOwnerReference()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(POD)
                .withUid(pod().getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .build();
        client.resource(owned).create();

        delete("uid", pod().getMetadata().getUid());

        assertThat(config()).isNull();
    }

    @Test
    void showsEveryChangeToInformers() {
        cluster.seedTomcat();
        Queue<String> events = new ConcurrentLinkedQueue<>();
        try (SharedIndexInformer<Pod> informer = client.pods().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                events.add("add " + pod.getMetadata().getName());
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                events.add("update " + pod.getMetadata().getLabels().get("status"));
            }

            @Override
            public void onDelete(Pod pod, boolean finalStateUnknown) {
                events.add("delete " + pod.getMetadata().getName());
            }
        })) {
            Awaitility.await().until(informer::isWatching);
            applyLabel(pod().getMetadata().getUid());
            Awaitility.await().until(() -> events.contains("update affected"));
            delete("uid", pod().getMetadata().getUid());
            Awaitility.await().until(() -> events.contains("delete " + POD));
            assertThat(informer.getStore().list()).hasSize(3);
        }
    }

    @Test
    void tellsWhatWasAskedOfItInTheWordsOfRbac() {
        cluster.seedTomcat();
        cluster.forgetCalls();

        client.apps().replicaSets().inNamespace("tomcat").list();
        client.nodes().withName("worker-1").get();
        applyLabel(pod().getMetadata().getUid());

        assertThat(cluster.calls())
                .containsExactly(
                        new ApiCall("list", "apps", "replicasets", "tomcat", null),
                        new ApiCall("get", "", "nodes", null, "worker-1"),
                        new ApiCall("get", "", "pods", "tomcat", POD),
                        new ApiCall("patch", "", "pods", "tomcat", POD));
    }

    private Pod pod() {
        return client.pods().inNamespace("tomcat").withName(POD).get();
    }

    private ConfigMap config() {
        return client.configMaps().inNamespace("tomcat").withName("c").get();
    }

    private static ConfigMap config(Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("tomcat")
                .withName("c")
                .endMetadata()
                .withData(data)
                .build();
    }

    private void apply(ConfigMap config, String manager, boolean force) {
        client.resource(config)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(manager)
                        .withForce(force)
                        .build());
    }

    private NetworkPolicy policy() {
        return client.network()
                .v1()
                .networkPolicies()
                .inNamespace("tomcat")
                .withName("p")
                .get();
    }

    private void applyPolicy(Map<String, String> selector) {
        client.resource(new NetworkPolicyBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName("p")
                        .endMetadata()
                        .withNewSpec()
                        .withNewPodSelector()
                        .withMatchLabels(selector)
                        .endPodSelector()
                        .endSpec()
                        .build())
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    private void applyLabel(String uid) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("tomcat")
                        .withName(POD)
                        .withUid(uid)
                        .addToLabels("status", "affected")
                        .endMetadata()
                        .build())
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    private void merge(String patch) {
        client.pods().inNamespace("tomcat").withName(POD).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private void delete(String precondition, String value) {
        client.raw(
                "/api/v1/namespaces/tomcat/pods/" + POD,
                "DELETE",
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "DeleteOptions",
                        "preconditions",
                        Map.of(precondition, value),
                        "dryRun",
                        List.of()));
    }

    private static KubernetesClientException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(KubernetesClientException.class, call);
    }
}
