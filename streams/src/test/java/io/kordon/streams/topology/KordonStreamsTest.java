package io.kordon.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    @ParameterizedTest
    @EnumSource(KafkaStreams.State.class)
    void hasFailedWhereNothingButAnotherProcessHelps(KafkaStreams.State state) {
        assertThat(KordonStreams.failed(state))
                .isEqualTo(Set.of(KafkaStreams.State.PENDING_ERROR, KafkaStreams.State.ERROR)
                        .contains(state));
    }
}
