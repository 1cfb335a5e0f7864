package io.kordon.app.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.avro.Level;
import io.kordon.evidence.inspect.Finding;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FindingRecordsTest {
    @Test
    void sendsTheWorstHundred() {
        List<Finding> findings = IntStream.range(0, 250)
                .mapToObj(i -> finding("/tmp/" + i, i < 3 ? Finding.Level.CRITICAL : Finding.Level.LOW))
                .toList();
        List<io.kordon.avro.Finding> records = FindingRecords.worst(findings);
        assertThat(records).hasSize(100);
        assertThat(records.subList(0, 4))
                .extracting(io.kordon.avro.Finding::getLevel)
                .containsExactly(Level.CRITICAL, Level.CRITICAL, Level.CRITICAL, Level.LOW);
        assertThat(records.get(0).getPath()).isEqualTo("/tmp/0");
    }

    @Test
    void boundsTextsThatAnAttackerChose() {
        List<io.kordon.avro.Finding> records =
                FindingRecords.worst(List.of(finding("/" + "x".repeat(5_000) + "\n", Finding.Level.HIGH)));
        assertThat(records.get(0).getPath()).hasSize(1_024).endsWith("…");
        assertThat(FindingRecords.worst(List.of(finding("/a\u001bb", Finding.Level.HIGH)))
                        .get(0)
                        .getPath())
                .isEqualTo("/a·b");
    }

    @Test
    void knowsEveryLevel() {
        for (Finding.Level level : Finding.Level.values()) {
            assertThat(FindingRecords.worst(List.of(finding("/a", level)))
                            .get(0)
                            .getLevel())
                    .isNotEqualTo(Level.UNKNOWN);
        }
    }

    private static Finding finding(String path, Finding.Level level) {
        return new Finding("executable", "dddd", path, null, 1, null, level, "added");
    }
}
