package io.kordon.decoding;

import static io.kordon.decoding.Decoding.decode;
import static io.kordon.decoding.Decoding.event;
import static io.kordon.decoding.Decoding.only;
import static io.kordon.decoding.Decoding.rejected;
import static io.kordon.decoding.Decoding.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.AuditEvent;
import io.kordon.avro.EntityKind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditDecoderTest {
    private static final String EXEC = "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Request\","
            + "\"auditID\":\"5d08341a\",\"stage\":\"ResponseStarted\",\"requestURI\":\"/api/v1/namespaces/shop/pods/"
            + "cart-1/exec?command=sh\",\"verb\":\"create\",\"user\":{\"username\":\"system:serviceaccount:tomcat:web\","
            + "\"uid\":\"u-1\",\"groups\":[\"system:serviceaccounts\"],\"extra\":{"
            + "\"authentication.kubernetes.io/pod-name\":[\"tomcat-0\"],"
            + "\"authentication.kubernetes.io/pod-uid\":[\"uid-tomcat-0\"],"
            + "\"authentication.kubernetes.io/node-name\":[\"worker-1\"]}},"
            + "\"impersonatedUser\":{\"username\":\"root\"},\"sourceIPs\":[\"10.1.2.3\",\"10.0.0.1\"],"
            + "\"userAgent\":\"curl/8\",\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"cart-1\","
            + "\"apiVersion\":\"v1\",\"subresource\":\"exec\"},\"responseStatus\":{\"metadata\":{},\"code\":101},"
            + "\"requestObject\":{\"deep\":[{\"a\":1,\"a\":2}]},"
            + "\"requestReceivedTimestamp\":\"2026-11-24T11:59:58.239076Z\","
            + "\"stageTimestamp\":\"2026-11-24T11:59:58.242747Z\","
            + "\"annotations\":{\"authorization.k8s.io/decision\":\"allow\"}}";
    private static final String BARE = "{\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"verb\":\"get\"}";

    private final Decoder decoder = new AuditDecoder();

    @Test
    void readsEveryFieldOfAnEvent() {
        AuditEvent event = only(AuditEvent.class, decode(decoder, EXEC));

        assertThat(event.getId()).isEqualTo("5d08341a/ResponseStarted");
        assertThat(event.getLevel()).isEqualTo("Request");
        assertThat(event.getVerb()).isEqualTo("create");
        assertThat(event.getUsername()).isEqualTo("system:serviceaccount:tomcat:web");
        assertThat(event.getUserUid()).isEqualTo("u-1");
        assertThat(event.getGroups()).containsExactly("system:serviceaccounts");
        assertThat(event.getExtra()).containsEntry("authentication.kubernetes.io/pod-name", List.of("tomcat-0"));
        assertThat(event.getImpersonatedUser()).isEqualTo("root");
        assertThat(event.getSourceIps()).containsExactly("10.1.2.3", "10.0.0.1");
        assertThat(event.getUserAgent()).isEqualTo("curl/8");
        assertThat(event.getObject().getSubresource()).isEqualTo("exec");
        assertThat(event.getObject().getApiGroup()).isNull();
        assertThat(event.getResponseCode()).isEqualTo(101);
        assertThat(event.getAnnotations()).containsEntry("authorization.k8s.io/decision", "allow");
        assertThat(event.getTime()).isEqualTo(Instant.parse("2026-11-24T11:59:58.239076Z"));
        assertThat(event.getStageTime()).isEqualTo(Instant.parse("2026-11-24T11:59:58.242747Z"));
        assertThat(event.getOriginal()).isEqualTo(EXEC);
        assertThat(event.getTarget().getKey()).isEqualTo("demo/shop/cart-1");
        assertThat(event.getTarget().getUid()).isNull();
        assertThat(event.getActor().getKey()).isEqualTo("demo/tomcat/tomcat-0");
        assertThat(event.getActor().getUid()).isEqualTo("uid-tomcat-0");
        assertThat(event.getActor().getNode()).isEqualTo("worker-1");
        assertThat(event.getEntity()).isEqualTo(event.getTarget());
    }

    @Test
    void keysByTheActingPodElseTheUserElseTheCluster() {
        String secrets = EXEC.replace("\"resource\":\"pods\"", "\"resource\":\"secrets\"");
        AuditEvent acting = only(AuditEvent.class, decode(decoder, secrets));
        assertThat(acting.getTarget()).isNull();
        assertThat(acting.getEntity().getKey()).isEqualTo("demo/tomcat/tomcat-0");

        AuditEvent person = only(AuditEvent.class, decode(decoder, secrets.replace("system:serviceaccount:", "oidc:")));
        assertThat(person.getActor()).isNull();
        assertThat(person.getEntity().getKind()).isEqualTo(EntityKind.USER);
        assertThat(person.getEntity().getKey()).isEqualTo("demo/user/oidc:tomcat:web");

        assertThat(only(AuditEvent.class, decode(decoder, BARE)).getEntity().getKey())
                .isEqualTo("demo");
    }

    @Test
    void learnsNameAndUidOfACreatedPodFromTheResponse() {
        String create = "{\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"verb\":\"create\",\"objectRef\":"
                + "{\"resource\":\"pods\",\"namespace\":\"shop\"},\"responseObject\":{\"kind\":\"Pod\",\"metadata\":"
                + "{\"name\":\"cart-x7\",\"generateName\":\"cart-\",\"uid\":\"uid-7\"},\"spec\":{}}}";

        AuditEvent event = only(AuditEvent.class, decode(decoder, create));
        assertThat(event.getTarget().getKey()).isEqualTo("demo/shop/cart-x7");
        assertThat(event.getTarget().getUid()).isEqualTo("uid-7");
        assertThat(event.getObject().getName()).isEqualTo("cart-x7");

        String status = create.replace("\"Pod\"", "\"Status\"");
        assertThat(only(AuditEvent.class, decode(decoder, status)).getTarget()).isNull();
    }

    @Test
    void takesNoPodOfAnotherApiGroupForAPod() {
        String metrics = EXEC.replace("\"apiVersion\":\"v1\",\"sub", "\"apiGroup\":\"metrics.k8s.io\",\"sub");

        assertThat(only(AuditEvent.class, decode(decoder, metrics)).getTarget()).isNull();
    }

    @Test
    void takesTheStageForTheTimeAndElseTheReceipt() {
        String staged = BARE.replace(
                "}", ",\"requestReceivedTimestamp\":null,\"stageTimestamp\":" + "\"2026-11-24T11:00:00.000001Z\"}");

        assertThat(only(AuditEvent.class, decode(decoder, staged)).getTime())
                .isEqualTo(Instant.parse("2026-11-24T11:00:00.000001Z"));
        assertThat(only(AuditEvent.class, decode(decoder, BARE)).getTime()).isEqualTo(Decoding.RECEIVED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[@,\n@]}",
                "{\"items\":[\n@,\n@\n],\"kind\":\"EventList\"}",
                "[@,@]",
                "@\n@\n",
                "{\"kind\":\"EventList\",\"items\":[@]}\n@",
                "[{\"kind\":\"EventList\",\"items\":[@,@]}]"
            })
    void readsListsArraysAndLines(String body) {
        List<Decoded> items = decode(decoder, body.replace("@", EXEC));

        assertThat(items).hasSize(2);
        assertThat(items)
                .allSatisfy(item ->
                        assertThat(event(AuditEvent.class, item).getOriginal()).isEqualTo(EXEC));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{\"kind\":\"EventList\",\"items\":null}", "{\"kind\":\"EventList\",\"items\":[]}"})
    void takesNoEventsForNothingWrong(String body) {
        assertThat(decode(decoder, body)).isEmpty();
    }

    @Test
    void keepsTheGoodItemsOfAList() {
        List<Decoded> items = decode(
                decoder, "{\"kind\":\"EventList\",\"items\":[" + BARE + ",{\"auditID\":\"b\"},{]," + BARE + "]}");

        assertThat(items).hasSize(4);
        event(AuditEvent.class, items.get(0));
        assertThat(rejected(items.get(1)).field()).isEqualTo("stage");
        assertThat(rejected(items.get(2)).code()).isEqualTo("json.syntax");
        assertThat(text(rejected(items.get(2)).bytes())).isEqualTo("{]");
        event(AuditEvent.class, items.get(3));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"stage\":\"s\",\"verb\":\"v\"} | field.missing | auditID",
                "{\"auditID\":\"a\",\"verb\":\"v\"} | field.missing | stage",
                "{\"auditID\":\"a\",\"stage\":\"s\"} | field.missing | verb",
                "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"} | field.value | kind",
                "{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"auditID\":\"a\"} | field.value | apiVersion",
                "{\"kind\":\"EventList\"} | field.value | kind",
                "{\"kind\":\"EventList\",\"items\":{}} | field.type | items",
                "{\"kind\":\"PodList\",\"items\":[]} | field.value | kind",
                "{\"kind\":\"EventList\",\"items\":[],\"items\":[]} | json.duplicate-key | items",
                "{\"auditID\":\"a\",\"auditID\":\"b\"} | json.duplicate-key | auditID",
                "{\"auditID\":\"a\",\"stageTimestamp\":\"x\",\"stage\":\"s\",\"verb\":\"v\"} | field.value | stageTimestamp",
                "{\"auditID\":\"a\",\"responseStatus\":{\"code\":9999999999}} | field.type | responseStatus.code",
                "{\"auditID\":\"a\",\"user\":\"jane\"} | field.type | user",
                "{\"auditID\":\"a\",\"objectRef\":[]} | field.type | objectRef",
                "{\"auditID\": | json.syntax | ",
                "7 | json.type | "
            })
    void saysWhatIsWrong(String body, String code, String field) {
        Decoded.Rejected rejected = rejected(decode(decoder, body));

        assertThat(rejected.code()).isEqualTo(code);
        assertThat(rejected.field()).isEqualTo(field);
        assertThat(text(rejected.bytes())).isEqualTo(body);
    }
}
