package io.kordon.app.playbooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.app.published.ApplyPlan;
import io.kordon.avro.Rule;
import io.kordon.streams.response.PlaybookFiles;
import io.kordon.streams.rule.RuleDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaybookPlanTest {
    @TempDir
    private Path folder;

    @Test
    void publishesWhatIsNewOrOfAnotherVersionAndLeavesTheRest() throws IOException {
        Map<String, Rule> topic = Map.of(
                "same", published("same", "\n" + playbook("same", "label")),
                "changed", published("changed", playbook("changed", "isolate")),
                "off", published("off", ""),
                "elsewhere", published("elsewhere", playbook("elsewhere", "label")));
        ApplyPlan plan = PlaybookPlan.of(files("same", "changed", "off", "new"), topic, false);

        assertThat(ids(plan.unchanged())).containsExactly("same");
        assertThat(ids(plan.publish())).containsExactly("changed", "off", "new");
        assertThat(plan.switchOff()).isEmpty();
        assertThat(plan.problems()).isEmpty();
    }

    @Test
    void switchesOffWhatTheFilesDoNotHaveIfAskedTo() throws IOException {
        Map<String, Rule> topic = Map.of(
                "a", published("a", playbook("a", "label")),
                "gone", published("gone", playbook("gone", "label")),
                "off", published("off", ""));
        assertThat(PlaybookPlan.of(files("a"), topic, true).switchOff()).containsExactly("gone");
    }

    @Test
    void tellsTheProblemsOfTheFiles() throws IOException {
        Files.writeString(folder.resolve("bad.yml"), "name: bad\nsteps: [explode]\n");
        ApplyPlan plan = PlaybookPlan.of(files("good"), Map.of(), false);
        assertThat(plan.problems()).hasSize(1);
        assertThat(ids(plan.publish())).containsExactly("good");
    }

    private PlaybookFiles.Read files(String... names) throws IOException {
        for (int i = 0; i < names.length; i++) {
            Files.writeString(folder.resolve(i + ".yml"), playbook(names[i], "label"));
        }
        return PlaybookFiles.read(List.of(folder));
    }

    private static Rule published(String name, String document) {
        return Rule.newBuilder()
                .setId(name)
                .setVersion("what its publisher said")
                .setDocument(document)
                .setPublishedAt(Instant.EPOCH)
                .build();
    }

    private static List<String> ids(List<RuleDocument> documents) {
        return documents.stream().map(RuleDocument::id).toList();
    }

    private static String playbook(String name, String step) {
        return "name: " + name + "\nsteps: [" + step + "]\n";
    }
}
