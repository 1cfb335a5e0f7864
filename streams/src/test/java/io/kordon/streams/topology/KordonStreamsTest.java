package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KordonStreamsTest {
    @Test
    void leavesItsGroupSoThatOthersTakeOverAtOnce() {
        assertThat(KordonStreams.goodbye(Map.of("bootstrap.servers", "b:9092")))
                .isEqualTo(GroupMembershipOperation.LEAVE_GROUP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"group.instance.id", "consumer.group.instance.id", "main.consumer.group.instance.id"})
    void staysInItWhereItHasANameToComeBackUnder(String key) {
        assertThat(KordonStreams.goodbye(Map.of(key, "streams-0"))).isEqualTo(GroupMembershipOperation.REMAIN_IN_GROUP);
    }
}
