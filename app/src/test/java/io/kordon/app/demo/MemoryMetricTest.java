package io.kordon.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class MemoryMetricTest {
    @Test
    void showsTwoAndAHalfGibibytesOfTheContainerAsTheKubeletWould() throws Exception {
        ScenarioPod pod = new ScenarioPod("tomcat", "tomcat-1", "uid-1", "worker-1", "web", "d242", "a/tom\"cat:9");
        try (MemoryMetric memory = MemoryMetric.serve(0, pod)) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + memory.port() + "/metrics"))
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain");
            assertThat(answer.body().lines())
                    .contains("container_memory_working_set_bytes{container=\"web\",image=\"a/tom\\\"cat:9\","
                            + "namespace=\"tomcat\",node=\"worker-1\",pod=\"tomcat-1\"} 2658500608");
        }
        assertThat(MemoryMetric.BYTES).isGreaterThan(2L << 30);
    }
}
