package io.kordon.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void namesEveryTopicOnceUnderThePrefix() {
        assertThat(new Topics("soc.", 3).all())
                .extracting(Topic::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("soc."))
                .contains("soc.events.falco", "soc.incidents", "soc.rejected");
    }

    @Test
    void givesAllTopicsOnePartitionCount() {
        assertThat(new Topics("kordon.", 3).all()).allMatch(topic -> topic.partitions() == 3);
    }

    @Test
    void keepsWhatTheDesignKeeps() {
        Topics topics = new Topics();
        assertThat(topics.pods().config())
                .containsEntry("cleanup.policy", "compact")
                .doesNotContainKey("retention.ms");
        assertThat(topics.incidents().config())
                .containsEntry("cleanup.policy", "compact,delete")
                .containsEntry("retention.ms", Long.toString(90L * 24 * 60 * 60 * 1000));
        assertThat(topics.rejected().schema()).isNull();
    }

    @Test
    void documentsEveryField() {
        new Topics()
                .all().stream()
                        .map(Topic::schema)
                        .filter(java.util.Objects::nonNull)
                        .forEach(TopicsTest::documented);
    }

    @Test
    void refusesAPrefixThatKafkaWouldRefuse() {
        assertThatThrownBy(() -> new Topics("my prefix/", 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("my prefix/");
        assertThatThrownBy(() -> new Topics("kordon.", 0).all()).hasMessageContaining("at least 1 partition");
    }

    private static void documented(Schema schema) {
        switch (schema.getType()) {
            case RECORD ->
                schema.getFields().forEach(field -> {
                    assertThat(field.doc())
                            .as(schema.getName() + "." + field.name())
                            .isNotBlank();
                    documented(field.schema());
                });
            case UNION -> schema.getTypes().forEach(TopicsTest::documented);
            case ARRAY -> documented(schema.getElementType());
            case MAP -> documented(schema.getValueType());
            case ENUM ->
                assertThat(schema.getEnumDefault()).as(schema.getName()).isEqualTo("UNKNOWN");
            default -> assertThat(schema.getType()).isNotEqualTo(Schema.Type.FIXED);
        }
    }
}
