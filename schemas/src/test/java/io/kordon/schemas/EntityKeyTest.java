package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;

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
}
