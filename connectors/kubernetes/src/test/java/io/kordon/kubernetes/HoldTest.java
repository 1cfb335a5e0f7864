package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class HoldTest {
    private static final String LABELLED = "{'metadata':{'labels':{'app':null,'status':'affected'}}}";

    @Test
    void givesBackExactlyWhatWasThere() {
        Pod before = pod(Map.of("app", "tomcat", "tier", "web"), null);
        Pod after = pod(
                Map.of("tier", "web", "status", "affected"),
                hold("a", LABELLED, before).json("u1"));

        Hold read = Hold.of(after);

        assertThat(read.holds("a")).isTrue();
        assertThat(read.restoration(after)).isEqualTo(json("{'metadata':{'labels':{'app':'tomcat','status':null}}}"));
        assertThat(read.leftAsTheyAre(after)).isEmpty();
        assertThat(Hold.words("Pod", read.restoration(after))).isEqualTo("app=tomcat, no status");
    }

    @Test
    void holdsAPodThatHadNoLabelsAtAll() {
        Pod before = pod(null, null);
        Pod after = pod(
                Map.of("status", "affected"),
                hold("a", "{'metadata':{'labels':{'status':'affected'}}}", before)
                        .json("u1"));

        assertThat(Hold.of(after).restoration(after)).isEqualTo(json("{'metadata':{'labels':{'status':null}}}"));
    }

    @Test
    void remembersTheFirstValueAndTheLastThatItGave() {
        Pod first = pod(Map.of("status", "healthy"), null);
        Hold one = hold("a", "{'metadata':{'labels':{'status':'affected'}}}", first);
        Pod second = pod(Map.of("status", "affected"), one.json("u1"));

        Hold two = Hold.of(second)
                .with("b", Commands.NOW, json("{'metadata':{'labels':{'status':'quarantined'}}}"), second);

        Pod third = pod(Map.of("status", "quarantined"), two.json("u1"));
        assertThat(Hold.of(third).incidents()).containsOnlyKeys("a", "b");
        assertThat(Hold.of(third).restoration(third)).isEqualTo(json("{'metadata':{'labels':{'status':'healthy'}}}"));
    }

    @Test
    void holdsForAnIncidentThatFoundNothingToChange() {
        Pod pod = pod(Map.of("status", "affected"), null);

        Hold hold = hold("a", "{}", pod);

        Pod held = pod(Map.of("status", "affected"), hold.json("u1"));
        assertThat(Hold.of(held).holds("a")).isTrue();
        assertThat(Hold.of(held).restoration(held)).isEqualTo(json("{}"));
    }

    @Test
    void staysHeldWhileOneOfSeveralIncidentsHoldsIt() {
        Pod pod = pod(Map.of("app", "tomcat"), null);
        Hold both = hold("a", LABELLED, pod).with("b", Commands.NOW, json("{}"), pod);

        Hold rest = both.without("a");

        assertThat(rest.held()).isTrue();
        assertThat(rest.holds("a")).isFalse();
        assertThat(rest.before()).isEqualTo(both.before());
        assertThat(rest.without("b").held()).isFalse();
    }

    @Test
    void leavesAloneWhatSomebodyChangedSince() {
        Hold hold = hold("a", LABELLED, pod(Map.of("app", "tomcat"), null));
        Pod changed = pod(Map.of("app", "jetty", "status", "affected"), hold.json("u1"));

        assertThat(Hold.of(changed).restoration(changed)).isEqualTo(json("{'metadata':{'labels':{'status':null}}}"));
        assertThat(Hold.of(changed).leftAsTheyAre(changed)).containsExactly("metadata.labels.app");
    }

    @Test
    void doesNotComplainOfWhatSomebodyHasGivenBackAlready() {
        Hold hold = hold("a", LABELLED, pod(Map.of("app", "tomcat"), null));
        Pod restored = pod(Map.of("app", "tomcat", "status", "affected"), hold.json("u1"));

        assertThat(Hold.of(restored).leftAsTheyAre(restored)).isEmpty();
    }

    @Test
    void tellsUnsetFromFalse() {
        for (Boolean was : new Boolean[] {null, false}) {
            Node before = node(was, null);
            Hold hold = Hold.none().with("a", Commands.NOW, json("{'spec':{'unschedulable':true}}"), before);
            Node after = node(true, hold.json("n1"));

            assertThat(Hold.of(after).restoration(after)).isEqualTo(json("{'spec':{'unschedulable':" + was + "}}"));
        }
    }

    @Test
    void countsOnTheObjectOnlyThatItNames() {
        Hold hold = hold("a", LABELLED, pod(Map.of("app", "tomcat"), null));

        assertThat(Hold.of(pod(Map.of(), hold.json("u2"))).held()).isFalse();
        assertThat(Hold.of(pod(Map.of(), hold.json())).held()).isFalse();
    }

    @Test
    void givesBackOnlyKnownFieldsHoweverTheAnnotationIsForged() {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withName("d")
                .withUid("d1")
                .addToAnnotations(Hold.ANNOTATION, forged("d1", """
                        {'metadata':{'labels':{'app':'x'},'ownerReferences':null,'finalizers':['a']},
                         'spec':{'replicas':3,'paused':true,'template':{'spec':{'hostNetwork':true}}}}""", """
                        {'metadata':{'labels':{'app':'y'}},'spec':{'replicas':0,'paused':false}}"""))
                .endMetadata()
                .withNewSpec()
                .withReplicas(0)
                .withPaused(false)
                .endSpec()
                .build();

        Hold read = Hold.of(deployment);

        assertThat(read.restoration(deployment)).isEqualTo(json("{'spec':{'replicas':3}}"));
        assertThat(read.json("d1")).doesNotContain("hostNetwork", "finalizers", "paused", "ownerReferences");
    }

    @Test
    void neverGivesBackLabelsOfNodesThatSayWhatMayRunThere() {
        Node node = node(true, forged("n1", """
                        {'metadata':{'labels':{'node-role.kubernetes.io/control-plane':'','kubernetes.io/hostname':'x',
                         'node-restriction.kubernetes.io/a':'b','topology.k8s.io/zone':'z','status':'fine'}},
                         'spec':{'unschedulable':null,'taints':null,'podCIDR':'10.0.0.0/8'}}""", """
                        {'metadata':{'labels':{'node-role.kubernetes.io/control-plane':null,'kubernetes.io/hostname':null,
                         'node-restriction.kubernetes.io/a':null,'topology.k8s.io/zone':null,'status':null}},
                         'spec':{'unschedulable':true,'taints':[],'podCIDR':null}}"""));

        assertThat(Hold.of(node).restoration(node))
                .isEqualTo(json("{'metadata':{'labels':{'status':'fine'}},'spec':{'unschedulable':null}}"));
    }

    @Test
    void givesBackNothingThatItDidNotApply() {
        Pod pod = pod(Map.of(), forged("u1", "{'metadata':{'labels':{'app':'victim'}}}", "{}"));

        assertThat(Hold.of(pod).restoration(pod)).isEqualTo(json("{}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'metadata':{'labels':{'bad key':'x','app':{'a':1},'b':['c'],'d':1,'e':'not a value!','__proto__':{}}}}",
                "{'metadata':{'labels':['app']}}",
                "{'metadata':{'labels':null}}",
                "{'metadata':null}",
                "{'metadata':'labels'}",
                "[]",
                "null",
                "7"
            })
    void givesBackNothingThatTheApiServerWouldRefuse(String before) {
        Pod pod = pod(Map.of("app", "tomcat"), forged("u1", before, before));

        Hold read = Hold.of(pod);

        assertThat(read.restoration(pod)).isEqualTo(json("{}"));
        assertThat(Hold.words("Pod", read.before())).isEmpty();
        assertThat(read.with("b", Commands.NOW, json(LABELLED), pod).before())
                .isEqualTo(json("{'metadata':{'labels':{'app':'tomcat','status':null}}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'many'", "-1", "99999999999", "1.5", "true", "{}"})
    void refusesReplicasThatAreNone(String replicas) {
        Deployment deployment = new DeploymentBuilder()
                .withNewMetadata()
                .withUid("d1")
                .addToAnnotations(
                        Hold.ANNOTATION,
                        forged("d1", "{'spec':{'replicas':" + replicas + "}}", "{'spec':{'replicas':0}}"))
                .endMetadata()
                .withNewSpec()
                .withReplicas(0)
                .endSpec()
                .build();

        assertThat(Hold.of(deployment).restoration(deployment)).isEqualTo(json("{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "\"text\"", "null", "{}", "{\"uid\":\"u1\",\"incidents\":[\"a\"]}"})
    void takesGarbageForNothing(String garbage) {
        assertThat(Hold.of(pod(Map.of(), garbage))).isEqualTo(Hold.none());
    }

    @Test
    void takesADeepAnnotationForNothing() {
        String deep = "{\"before\":" + "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000) + "}";

        assertThat(Hold.of(pod(Map.of(), deep))).isEqualTo(Hold.none());
    }

    @Test
    void forgetsABeforeThatNobodyHolds() {
        Pod pod = pod(
                Map.of("app", "mine"),
                json("{'uid':'u1','incidents':{},'before':{'metadata':{'labels':{'app':'victim'}}},'applied':{}}")
                        .toString());

        assertThat(Hold.of(pod).with("a", Commands.NOW, json(LABELLED), pod).before())
                .isEqualTo(json("{'metadata':{'labels':{'app':'mine','status':null}}}"));
    }

    @Test
    void isHeldForMoreIncidentsThanItListsAndThenNeverGivenBackTooEarly() {
        Pod pod = pod(Map.of("app", "tomcat"), null);
        Hold hold = Hold.none();
        for (int i = 0; i < 300; i++) {
            hold = Hold.of(pod(
                    Map.of("app", "tomcat"),
                    hold.with("incident-" + i, Commands.NOW, json(LABELLED), pod)
                            .json("u1")));
        }

        assertThat(hold.incidents()).hasSize(257).containsKey(Hold.MORE);
        assertThat(hold.json("u1")).hasSizeLessThan(32 * 1024);
        for (int i = 0; i < 300; i++) {
            hold = hold.without("incident-" + i);
        }
        assertThat(hold.incidents()).containsOnlyKeys(Hold.MORE);
    }

    @Test
    void doesNotTakeAnIncidentsNameThatWouldSpoilATerminal() {
        ObjectNode annotation = json("{'uid':'u1','incidents':{},'before':{},'applied':{}}");
        annotation
                .withObjectProperty("incidents")
                .put("a\n2026 INFO forged", "now")
                .put("b", "now");

        assertThat(Hold.of(pod(Map.of(), annotation.toString())).incidents()).containsOnlyKeys("b");
    }

    @Test
    void knowsWhenTheAnnotationsHaveNoRoom() {
        int room = Hold.MAX_ANNOTATIONS - Hold.ANNOTATION.length() - 10 - "big".length();
        Pod pod = pod(Map.of(), "what is replaced does not count");

        pod.getMetadata().getAnnotations().put("big", "x".repeat(room));
        assertThat(Hold.fits(pod, "0123456789")).isTrue();
        pod.getMetadata().getAnnotations().put("big", "x".repeat(room - 1) + "é");
        assertThat(Hold.fits(pod, "0123456789")).isFalse();
    }

    private static Hold hold(String incident, String change, Pod live) {
        return Hold.none().with(incident, Commands.NOW, json(change), live);
    }

    private static String forged(String uid, String before, String applied) {
        return json("{'uid':'" + uid + "','incidents':{'a':'2026-11-24T04:00:00Z'},'before':" + before + ",'applied':"
                        + applied + "}")
                .toString();
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text.replace('\'', '"'));
    }

    private static Pod pod(@Nullable Map<String, String> labels, @Nullable String annotation) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withUid("u1")
                .withLabels(labels)
                .withAnnotations(annotation == null ? null : new HashMap<>(Map.of(Hold.ANNOTATION, annotation)))
                .endMetadata()
                .build();
    }

    private static Node node(@Nullable Boolean unschedulable, @Nullable String annotation) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("n")
                .withUid("n1")
                .withAnnotations(annotation == null ? null : Map.of(Hold.ANNOTATION, annotation))
                .endMetadata()
                .withNewSpec()
                .withUnschedulable(unschedulable)
                .endSpec()
                .build();
    }
}
