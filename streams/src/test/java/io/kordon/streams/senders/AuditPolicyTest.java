package io.kordon.streams.senders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What must stay true of the audit policy however it is tuned; senders/peers/audit.sh tries it on a real API server. */
class AuditPolicyTest {
    private static final Set<String> CONFIDENTIAL =
            Set.of("secrets", "configmaps", "serviceaccounts/token", "tokenreviews", "certificatesigningrequests");

    private static final Map<?, ?> POLICY = SenderFiles.document("audit/policy.yaml");
    private static final List<Map<?, ?>> RULES = SenderFiles.maps(POLICY.get("rules"));

    /** Bodies are kept of what is named only, so that nothing new becomes confidential by a wildcard. */
    @Test
    void keepsBodiesOfNothingConfidential() {
        List<Map<?, ?>> bodies = RULES.stream()
                .filter(rule -> !Set.of("None", "Metadata").contains((String) rule.get("level")))
                .toList();
        assertThat(bodies).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.get("level")).as("answers hold secrets, too").isEqualTo("Request");
            for (Map<?, ?> group : SenderFiles.maps(rule.get("resources"))) {
                if (group.get("group").equals("rbac.authorization.k8s.io")) {
                    continue; // all of it is rules
                }
                assertThat(strings(group.get("resources")))
                        .isNotEmpty()
                        .doesNotContainAnyElementsOf(CONFIDENTIAL)
                        .noneMatch(resource -> resource.contains("*"));
            }
        });
    }

    @Test
    void keepsSessionsWhenTheyBegin() {
        assertThat(strings(POLICY.get("omitStages"))).containsExactly("RequestReceived");
        assertThat(RULES)
                .filteredOn(
                        rule -> rule.containsKey("resources") && rule.toString().contains("pods/exec"))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.get("level")).isEqualTo("Metadata");
                    assertThat(rule.containsKey("omitStages")).isFalse();
                    assertThat(RULES.subList(0, RULES.indexOf(rule)))
                            .as("no rule before it takes them away")
                            .noneMatch(before -> before.get("level").equals("None")
                                    && !before.containsKey("nonResourceURLs")
                                    && !before.toString().contains("cluster-info"));
                });
    }

    /** One set of flags, however the API server is run. */
    @Test
    void isGivenToEveryApiServerWithTheSameFlags() {
        Map<String, String> kubeadm = new TreeMap<>();
        SenderFiles.maps(SenderFiles.at(SenderFiles.document("audit/kubeadm.yaml"), "apiServer", "extraArgs"))
                .forEach(flag -> kubeadm.put((String) flag.get("name"), (String) flag.get("value")));
        Map<String, String> k3s = new TreeMap<>();
        strings(SenderFiles.document("audit/k3s.yaml").get("kube-apiserver-arg+"))
                .forEach(flag -> {
                    String[] parts = flag.split("=", 2);
                    k3s.put(parts[0], parts[1]);
                });
        Map<?, ?> node = SenderFiles.maps(
                        SenderFiles.document("audit/kind.yaml").get("nodes"))
                .get(0);
        String patch = strings(node.get("kubeadmConfigPatches")).get(0);
        Map<?, ?> patched = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(patch);
        assertThat(k3s).isEqualTo(kubeadm).containsKeys("audit-policy-file", "audit-webhook-config-file");
        assertThat(SenderFiles.at(patched, "apiServer", "extraArgs")).isEqualTo(kubeadm);
        assertThat(Integer.parseInt(kubeadm.get("audit-webhook-truncate-max-event-size")))
                .as("a record of Kafka takes a megabyte, with the event in it and what is made of it")
                .isLessThanOrEqualTo(512 * 1024);
    }

    private static List<String> strings(Object list) {
        List<String> strings = new ArrayList<>();
        ((List<?>) list).forEach(each -> strings.add((String) each));
        return strings;
    }
}
