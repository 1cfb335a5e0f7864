package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Entity;
import io.kordon.avro.EntityKind;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class EntityKeyTest {
    @Test
    void spellsKeysAsTheDesignSays() {
        assertThat(EntityKey.pod("prod", "tomcat", "tomcat-1")).isEqualTo("prod/tomcat/tomcat-1");
        assertThat(EntityKey.node("prod", "worker-1")).isEqualTo("prod/node/worker-1");
        assertThat(EntityKey.user("prod", "system:serviceaccount:a:b"))
                .isEqualTo("prod/user/system:serviceaccount:a:b");
        assertThat(EntityKey.namespace("prod", "tomcat")).isEqualTo("prod/namespace/tomcat");
        assertThat(EntityKey.cluster("prod")).isEqualTo("prod");
        assertThat(EntityKey.group("prod", List.of("verb"), List.of("get"))).isEqualTo("prod/group/verb=get");
    }

    @Test
    void keepsAPodOfANamespaceCalledNodeApartFromTheNode() {
        assertThat(EntityKey.pod("prod", "node", "worker-1")).isNotEqualTo(EntityKey.node("prod", "worker-1"));
        assertThat(EntityKey.pod("prod", "user", "x")).isNotEqualTo(EntityKey.user("prod", "x"));
    }

    @Test
    void keysAContainerByTheTwelveCharactersThatEverySenderWrites() {
        Entity cut = EntityKey.containerEntity("prod", "ee97d9c4186f").build();
        Entity whole = EntityKey.containerEntity("prod", "ee97d9c4186f" + "0".repeat(52))
                .build();

        assertThat(cut.getKey()).isEqualTo("prod/container/ee97d9c4186f").isEqualTo(whole.getKey());
        assertThat(cut.getKind()).isEqualTo(EntityKind.CONTAINER);
        assertThat(cut.getName()).isEqualTo("ee97d9c4186f").isEqualTo(whole.getName());
        assertThat(whole.getContainerId()).hasSize(64);
        assertThat(EntityKey.pod("prod", "container", "ee97d9c4186f")).isNotEqualTo(cut.getKey());
    }

    @Property
    void givesDifferentThingsDifferentKeys(
            @ForAll @StringLength(max = 6) String a,
            @ForAll @StringLength(max = 6) String b,
            @ForAll @StringLength(max = 6) String c,
            @ForAll @StringLength(max = 6) String d) {
        boolean same = a.equals(c) && b.equals(d);
        assertThat(EntityKey.pod("k", a, b).equals(EntityKey.pod("k", c, d))).isEqualTo(same);
        assertThat(EntityKey.pod("k", a, b)).isNotEqualTo(EntityKey.user("k", c));
    }

    @Test
    void tellsThePodThatAKeyNames() {
        String key = EntityKey.pod("a/b", "node", "web-0");
        Entity pod = EntityKey.podOf(key).orElseThrow();
        assertThat(pod.getKey()).isEqualTo(key);
        assertThat(pod.getCluster()).isEqualTo("a/b");
        assertThat(pod.getNamespace()).isEqualTo("node");
        assertThat(pod.getName()).isEqualTo("web-0");
        assertThat(EntityKey.podOf(EntityKey.node("c", "worker-1"))).isEmpty();
        assertThat(EntityKey.podOf(EntityKey.container("c", "0123456789ab"))).isEmpty();
        assertThat(EntityKey.podOf(EntityKey.cluster("c"))).isEmpty();
    }
}
