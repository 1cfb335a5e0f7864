package io.kordon.app.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong values are refused before anything is made of them, in words that say which and why. */
class ChartRefusalsTest {
    @Test
    void saysAtOnceAllThatIsMissing() {
        assertThatThrownBy(() -> new Helm(ChartFolder.SOURCE)
                        .template()
                        .withKubeVersion("1.34.0")
                        .call())
                .hasMessageContaining("cluster is empty")
                .hasMessageContaining("kafka.bootstrapServers is empty: name the brokers")
                .hasMessageContaining("registry.url is empty")
                .hasMessageContaining("elasticsearch.urls is empty");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cluser | prod | 'cluser' not allowed
            gateway.replica | 3 | 'replica' not allowed
            kafka.tls.ca.secret | x | 'secret' not allowed
            streams.persistence.class | fast | 'class' not allowed
            gateway.replicas | 0 | /gateway/replicas
            gateway.replicas | three | /gateway/replicas
            gateway.resources.limits.memory | 1GB | /gateway/resources/limits/memory
            gateway.resources.limits.gpu | 1 | 'gpu' not allowed
            image.digest | sha256:abc | /image/digest
            image.pullPolicy | Sometimes | /image/pullPolicy
            kafka.protocol | TLS | /kafka/protocol
            kafka.bootstrapServers | kafka | /kafka/bootstrapServers
            registry.url | registry:8081 | /registry/url
            registry.url | https://user:password@registry | /registry/url
            elasticsearch.urls[0] | es:9200 | /elasticsearch/urls/0
            gateway.tls.clientAuth | maybe | /gateway/tls/clientAuth
            actuator.protectedNamespaces[0] | Kube_System | /actuator/protectedNamespaces/0
            settings.gateway\\.port | 80 | 'gateway.port' not allowed
            rules.inline.notes\\.txt | x | 'notes.txt' not allowed
            """)
    void refusesByItsSchema(String path, String value, String said) {
        assertThatThrownBy(() -> RenderedChart.of("default", Map.of(path, value)))
                .hasMessageContaining("schema")
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kafka.protocol | SASL_SSL | kafka.sasl.mechanism is empty
            kafka.protocol | SASL_SSL | kafka.sasl.existingSecret is empty
            kafka.tls.ca.existingSecret | ca | kafka.tls is set, but kafka.protocol is PLAINTEXT
            kafka.sasl.mechanism | PLAIN | kafka.sasl is set, but kafka.protocol is PLAINTEXT
            registry.tls.ca.existingSecret | ca | registry.tls is set, but registry.url begins with http://
            elasticsearch.username | kordon | elasticsearch.username is set without elasticsearch.existingSecret
            elasticsearch.existingSecret | es | elasticsearch.existingSecret is set without elasticsearch.username
            dashboards.enabled | true | dashboards.url is empty
            gateway.tls.clientAuth | require | gateway.tls.existingSecret is empty
            gateway.tls.clientCa.existingSecret | ca | gateway.tls.clientCa is set, but gateway.tls.clientAuth is none
            gateway.ingress.enabled | true | gateway.ingress.host is empty
            gateway.route.enabled | true | this cluster has no gateway.networking.k8s.io/v1
            streams.standbys | 1 | there may be only 1 replica
            streams.autoscaling.by | lag | this cluster has no keda.sh/v1alpha1
            evidence.store | s3 | evidence.s3.bucket is empty
            evidence.store | volume | evidence.volume.existingClaim is empty
            monitoring.rules.enabled | true | this cluster has no monitoring.coreos.com/v1
            actuator.steps.explode | true | there is no step 'explode'; there are capture, cordon
            settings.kordon\\.cluster | other | kordon.cluster is made from other values
            gateway.settings.kordon\\.gateway\\.port | 80 | kordon.gateway.port is made from other values
            settings.kordon\\.elasticsearch\\.password | x | kordon.elasticsearch.password may be a secret
            settings.kafka\\.sasl\\.jaas\\.config | x | kafka.sasl.jaas.config may be a secret
            pods.labels.app\\.kubernetes\\.io/name | other | pods.labels: app.kubernetes.io/name is the chart's own
            cluster | '' | cluster is empty
            """)
    void refusesWhatDoesNotFitTogether(String path, String value, String said) {
        assertThatThrownBy(() -> RenderedChart.of("default", Map.of(path, value)))
                .hasMessageContaining("these values of Kordon's chart are wrong")
                .hasMessageContaining(said);
    }

    @Test
    void knowsInItsSchemaExactlyTheValuesThatThereAre() {
        Map<String, Object> schema = ChartFolder.yaml(ChartFolder.SOURCE.resolve("values.schema.json"));
        Set<String> described = new HashSet<>();
        describe(schema, schema, "", described);
        Set<String> values = new HashSet<>();
        list(ChartFolder.yaml(ChartFolder.SOURCE.resolve("values.yaml")), "", described, values);

        described.remove("global");
        assertThat(described).containsAll(values);
        assertThat(described.stream().filter(path -> !values.contains(path) && !isOfAFreeShape(path)))
                .as("in the schema, and not in values.yaml")
                .isEmpty();
    }

    /** Resources' parts may be left out of the defaults. */
    private static boolean isOfAFreeShape(String path) {
        return path.matches(".*resources\\.(requests|limits)\\..*");
    }

    @SuppressWarnings("unchecked")
    private static void describe(Map<String, Object> root, Map<String, Object> schema, String at, Set<String> paths) {
        Map<String, Object> properties = (Map<String, Object>) schema.getOrDefault("properties", Map.of());
        properties.forEach((name, value) -> {
            Map<String, Object> property = (Map<String, Object>) value;
            Object reference = property.get("$ref");
            if (reference != null) {
                String definition = reference.toString().substring("#/definitions/".length());
                property = (Map<String, Object>) ((Map<String, Object>) root.get("definitions")).get(definition);
            }
            paths.add(at + name);
            describe(root, property, at + name + ".", paths);
        });
    }

    @SuppressWarnings("unchecked")
    private static void list(Map<String, Object> values, String at, Set<String> described, Set<String> paths) {
        values.forEach((name, value) -> {
            String path = at + name;
            if (value instanceof Map<?, ?> && described.stream().anyMatch(one -> one.startsWith(path + "."))) {
                list((Map<String, Object>) value, path + ".", described, paths);
            }
            paths.add(path);
        });
    }

    @Test
    void tellsHowToPointTheSendersHere() {
        assertThat(RenderedChart.of("default").notes())
                .contains("http://kordon-gateway.kordon.svc:8080/v1/falco")
                .contains("http://kordon-gateway.kordon.svc:8080/v1/alertmanager")
                .contains("http://ADDRESS:8080/v1/audit")
                .contains("asks for no credentials")
                .contains("no store of evidence");
        assertThat(RenderedChart.of("production").notes())
                .contains("https://kordon-gateway.kordon.svc:8080/v1/falco")
                .contains("kordon-senders")
                .contains("https://kordon.example.com")
                .doesNotContain("asks for no credentials");
        assertThat(RenderedChart.of("central").notes())
                .doesNotContain("SENDERS")
                .doesNotContain("/v1/falco");
        assertThat(List.of("default", "production", "edge"))
                .allSatisfy(valueSet ->
                        assertThat(RenderedChart.of(valueSet).notes()).doesNotContain("<no value>", "%!"));
    }
}
