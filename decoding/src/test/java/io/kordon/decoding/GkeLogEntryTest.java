package io.kordon.decoding;

import static io.kordon.decoding.Decoding.decode;
import static io.kordon.decoding.Decoding.only;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.ObjectRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GkeLogEntryTest {
    private static final String EXEC = """
            {"insertId": "i-1", "timestamp": "2026-11-24T11:59:58.239076Z", "receiveTimestamp": "2026-11-24T12:00:03Z",
             "logName": "projects/p/logs/cloudaudit.googleapis.com%2Factivity",
             "labels": {"authorization.k8s.io/reason": "RBAC"},
             "operation": {"id": "op-1", "producer": "k8s.io", "first": true},
             "resource": {"type": "k8s_cluster", "labels": {"cluster_name": "not ours to believe"}},
             "protoPayload": {"@type": "type.googleapis.com/google.cloud.audit.AuditLog", "serviceName": "k8s.io",
              "methodName": "io.k8s.core.v1.pods.exec.create",
              "resourceName": "core/v1/namespaces/shop/pods/cart-1/exec",
              "authenticationInfo": {"principalEmail": "eve@example.com", "serviceAccountDelegationInfo": [{}]},
              "authorizationInfo": [{"granted": true, "permission": "io.k8s.core.v1.pods.exec.create"}],
              "requestMetadata": {"callerIp": "203.0.113.9", "callerSuppliedUserAgent": "kubectl/v1.33", "x": {}},
              "request": {"@type": "core.k8s.io/v1.PodExecOptions", "command": ["sh"]},
              "status": {}}}""";

    private final Decoder decoder = new AuditDecoder();

    @Test
    void saysInAuditTermsWhatGoogleSays() {
        AuditEvent event = only(AuditEvent.class, decode(decoder, EXEC));

        assertThat(event.getId()).isEqualTo("op-1/ResponseStarted");
        assertThat(event.getVerb()).isEqualTo("create");
        assertThat(event.getUsername()).isEqualTo("eve@example.com");
        assertThat(event.getSourceIps()).containsExactly("203.0.113.9");
        assertThat(event.getUserAgent()).isEqualTo("kubectl/v1.33");
        assertThat(event.getTime()).hasToString("2026-11-24T11:59:58.239076Z");
        assertThat(event.getObject().getResource()).isEqualTo("pods");
        assertThat(event.getObject().getSubresource()).isEqualTo("exec");
        assertThat(event.getTarget().getKey())
                .isEqualTo("demo/shop/cart-1")
                .isEqualTo(event.getEntity().getKey());
        assertThat(event.getAnnotations())
                .containsEntry("authorization.k8s.io/decision", "allow")
                .containsEntry("authorization.k8s.io/reason", "RBAC");
        assertThat(event.getResponseCode()).isNull();
        assertThat(event.getOriginal()).isEqualTo(EXEC);
    }

    @Test
    void putsWhatItSaysUnderTheNamesThatRulesKnow() {
        assertThat(AuditOriginal.event(EXEC))
                .startsWith("{\"auditID\":\"op-1\",\"stage\":\"ResponseStarted\",\"verb\":\"create\","
                        + "\"user\":{\"username\":\"eve@example.com\"},\"sourceIPs\":[\"203.0.113.9\"],"
                        + "\"userAgent\":\"kubectl/v1.33\",\"responseStatus\":{},\"requestObject\":{\"@type\":"
                        + " \"core.k8s.io/v1.PodExecOptions\", \"command\": [\"sh\"]},")
                .endsWith(EXEC.substring(1));
    }

    @Test
    void takesNoTextForAnObjectOfTheRequest() {
        String broken = EXEC.replace("\"request\": {", "\"request\": \"{broken\", \"other\": {");

        assertThat(AuditOriginal.event(broken)).doesNotContain("requestObject").endsWith(broken.substring(1));
    }

    @Test
    void joinsBothEntriesOfALongRequestByTheirOperation() {
        String end = EXEC.replace("\"first\"", "\"last\"");

        assertThat(only(AuditEvent.class, decode(decoder, end)).getId()).isEqualTo("op-1/ResponseComplete");
        String alone = EXEC.replaceFirst("\"operation\": .*\n", "\n");
        assertThat(only(AuditEvent.class, decode(decoder, alone)).getId()).isEqualTo("i-1/ResponseComplete");
    }

    @ParameterizedTest
    @CsvSource({
        "core/v1/namespaces/shop/pods, shop, pods, , , , v1",
        "core/v1/namespaces/shop, shop, namespaces, shop, , , v1",
        "core/v1/namespaces/shop/finalize, shop, namespaces, shop, finalize, , v1",
        "core/v1/namespaces, , namespaces, , , , v1",
        "core/v1/nodes/worker-1/status, , nodes, worker-1, status, , v1",
        "apps/v1/namespaces/shop/deployments/cart/scale, shop, deployments, cart, scale, apps, v1",
        "rbac.authorization.k8s.io/v1/clusterrolebindings/x, , clusterrolebindings, x, , rbac.authorization.k8s.io, v1",
        "core/v1/namespaces/shop/pods/cart-1/proxy/a/b, shop, pods, cart-1, proxy, , v1"
    })
    void readsTheNameOfAResource(
            String name, String namespace, String resource, String object, String sub, String group, String version) {
        ObjectRef found = only(
                        AuditEvent.class,
                        decode(decoder, EXEC.replace("core/v1/namespaces/shop/pods/cart-1/exec", name)))
                .getObject();

        assertThat(found.getNamespace()).isEqualTo(namespace);
        assertThat(found.getResource()).isEqualTo(resource);
        assertThat(found.getName()).isEqualTo(object);
        assertThat(found.getSubresource()).isEqualTo(sub);
        assertThat(found.getApiGroup()).isEqualTo(group);
        assertThat(found.getApiVersion()).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource({"0, 200", "7, 403", "5, 404", "10, 409", "16, 401", "404, 404", "77, "})
    void translatesTheStatus(String code, Integer http) {
        String json = EXEC.replace("\"status\": {}", "\"status\": {\"code\": " + code + "}");

        assertThat(only(AuditEvent.class, decode(decoder, json)).getResponseCode())
                .isEqualTo(http);
    }

    @Test
    void namesThePodThatWasCreatedByTheResponse() {
        String create = EXEC.replace("/pods/cart-1/exec", "/pods")
                .replace(
                        "\"status\": {}",
                        "\"response\": {\"metadata\": {\"name\": \"cart-x7\", \"uid\": \"u-7\", \"labels\": {}},"
                                + " \"reason\": \"Evicted\", \"@type\": \"core.k8s.io/v1.Pod\"}");
        AuditEvent event = only(AuditEvent.class, decode(decoder, create));

        assertThat(event.getTarget().getKey()).isEqualTo("demo/shop/cart-x7");
        assertThat(event.getTarget().getUid()).isEqualTo("u-7");
        assertThat(event.getResponseReason()).isNull();
    }

    @Test
    void saysWhyARequestWasRefused() {
        String refused = EXEC.replace("\"granted\": true", "\"granted\": false")
                .replace(
                        "\"status\": {}",
                        "\"status\": {\"code\": 7}, \"response\": {\"@type\": \"core.k8s.io/v1.Status\","
                                + " \"reason\": \"Forbidden\"}");
        AuditEvent event = only(AuditEvent.class, decode(decoder, refused));

        assertThat(event.getResponseCode()).isEqualTo(403);
        assertThat(event.getResponseReason()).isEqualTo("Forbidden");
        assertThat(event.getAnnotations()).containsEntry("authorization.k8s.io/decision", "forbid");
    }

    @Test
    void takesLogsOfOtherServicesForNoEvents() {
        String compute = EXEC.replace("\"serviceName\": \"k8s.io\"", "\"serviceName\": \"compute.googleapis.com\"");

        assertThat(decode(decoder, compute)).singleElement().isInstanceOf(Decoded.Ignored.class);
    }
}
