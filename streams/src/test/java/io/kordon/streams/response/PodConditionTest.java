package io.kordon.streams.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.PodContext.Container;
import io.kordon.streams.incident.PodContext.Owner;
import io.kordon.streams.incident.Subject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a playbook can ask of a pod. */
class PodConditionTest {
    private static final PodContext WEB = new PodContext(
            "worker-1",
            List.of(),
            new Owner("Deployment", "web-shop", "uid-d", true),
            Map.of("app", "tomcat", "tier", "web", "example.com/team", "blue"),
            "default",
            List.of(
                    new Container("web", "registry.example/shop/web:1.2", null, false),
                    new Container("agent", "agent:latest", null, true)),
            false,
            true,
            false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            labels: app=tomcat                          | true
            labels: app==tomcat,tier!=db                | true
            labels: 'tier in (web, api),!debug'         | true
            labels: tier notin (web)                    | false
            labels: colour notin (red)                  | true
            labels: colour!=red                         | true
            labels: colour                              | false
            labels: example.com/team=blue               | true
            labels: app=Tomcat                          | false
            labels: app=                                | false
            workloads: [Deployment]                     | true
            workloads: [StatefulSet, Deployment/web-*]  | true
            workloads: [Deployment/web]                 | false
            workloads: [Pod]                            | false
            service-accounts: [default]                 | true
            service-accounts: [def]                     | false
            images: ['registry.example/*']              | true
            images: ['*:latest']                        | true
            images: [registry.example]                  | false
            nodes: [worker-?]                           | true
            nodes: [worker-??]                          | false
            privileged: true                            | true
            privileged: false                           | false
            host-network: false                         | true
            host-pid: true                              | true
            host-ipc: true                              | false
            """)
    void asksWhatTheInventorySays(String when, boolean holds) {
        Condition condition = condition(when);
        assertThat(condition.holds(incident(WEB))).isEqualTo(holds);
        assertThat(condition.holds(incident(null))).as("nothing is known yet").isFalse();
    }

    @Test
    void knowsAPodThatNothingOwns() {
        PodContext bare = new PodContext("worker-1", List.of(), null, Map.of(), null, List.of(), false, false, false);
        assertThat(condition("workloads: [Pod]").holds(incident(bare))).isTrue();
        assertThat(condition("service-accounts: ['*']").holds(incident(bare))).isFalse();
    }

    @Test
    void asksForNothingWhereNothingIsWritten() {
        assertThat(condition("score: 0").holds(incident(null))).isTrue();
    }

    private static Condition condition(String when) {
        PlaybookParser.Parsed parsed =
                new PlaybookParser().parse("p.yml", "name: p\nwhen:\n  " + when + "\nsteps: [label]\n");
        assertThat(parsed.problems()).isEmpty();
        return parsed.playbooks().get(0).when();
    }

    private static Incident incident(PodContext context) {
        Subject pod = new Subject("c/ns/p", Subject.Kind.POD, "c", "ns", "p", "uid", null, null, null);
        return Incident.open("inc-1", "c/ns/p", pod, 1, 1).placed(context);
    }
}
