package io.kordon.streams.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.correlation.Input.KnownPod;
import io.kordon.streams.incident.PodContext;
import io.kordon.streams.incident.Subject;
import io.kordon.streams.response.Command;
import io.kordon.streams.response.Responder;
import io.kordon.streams.topology.StateCodec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Playbooks that ask for what the inventory knows wait for it, and are asked again when it has caught up. */
class ContextConditionTest {
    private static final long T = 1_000_000;

    private final Signals signals = new Signals(ResponseTest.RULES, "uid-1");
    private final Scenario scenario =
            new Scenario(ResponseTest.RULES, StateCodec::throughBytes, new Responder(Scenario.playbooks("""
                    name: prod-only
                    when: {labels: env=prod, workloads: [Deployment]}
                    mode: automatic
                    steps: [isolate]
                    """)));

    @Test
    void waitsUntilTheInventoryHasCaughtUp() {
        scenario.observe(signals.point("rce", T));
        assertThat(scenario.commands).isEmpty();
        known("prod");
        assertThat(scenario.commands).singleElement().satisfies(command -> {
            assertThat(command.workload().kind()).isEqualTo("Deployment");
            assertThat(command.workload().name()).isEqualTo("web");
        });
    }

    @Test
    void takesNothingBackWhenTheLabelsChange() {
        scenario.observe(signals.point("rce", T));
        known("test");
        assertThat(scenario.commands).isEmpty();
        known("prod");
        known("test");
        scenario.observe(signals.point("rce", T + 1));
        assertThat(scenario.commands).extracting(Command::playbook).containsExactly("prod-only");
    }

    private void known(String env) {
        PodContext context = new PodContext(
                "worker-1",
                List.of(),
                new PodContext.Owner("Deployment", "web", "uid-d", true),
                Map.of("env", env),
                "default",
                List.of(),
                false,
                false,
                false);
        Subject pod = new Subject(
                Signals.KEY, Subject.Kind.POD, "demo", "tomcat", "tomcat-1", "uid-1", null, null, "worker-1");
        scenario.apply(new Input.Identified(List.of(new KnownPod(pod, context, Signals.micros(T - 1_000), null))));
    }
}
