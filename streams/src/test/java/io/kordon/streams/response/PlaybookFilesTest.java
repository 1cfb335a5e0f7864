package io.kordon.streams.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.kordon.streams.rule.RuleDocument;
import io.kordon.streams.rule.RuleProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaybookFilesTest {
    private static final String GOOD = "name: good\nsteps: [label]\n";

    @TempDir
    private Path folder;

    @Test
    void readsEveryDocumentAloneSoThatOneCostsTheOthersNothing() throws IOException {
        Files.writeString(
                folder.resolve("a.yml"),
                "# mine\n" + GOOD + "---\nname: [broken\n---\nname: other\nsteps:\n- explode\n");
        Files.writeString(folder.resolve("b.yaml"), "---\nname: second\nsteps: [label]\n---\n" + GOOD);
        Files.writeString(folder.resolve("c.txt"), "no playbook");

        PlaybookFiles.Read read = PlaybookFiles.read(List.of(folder));

        assertThat(read.playbooks()).extracting(Playbook::name).containsExactly("good", "second");
        assertThat(read.problems())
                .extracting(RuleProblem::toString)
                .anySatisfy(problem -> assertThat(problem).contains("a.yml:").contains("not YAML"))
                .anySatisfy(problem -> assertThat(problem).contains("a.yml:9:").contains("explode"))
                .anySatisfy(problem -> assertThat(problem)
                        .contains("b.yaml:4:")
                        .contains("name 'good' is already taken by " + folder.resolve("a.yml") + ":1"))
                .hasSize(3);
    }

    @Test
    void givesDocumentsFromWhichThePlaybooksCanBeReadAgain() throws IOException {
        Files.writeString(folder.resolve("a.yml"), GOOD + "---\nname: second\nsteps: [label, isolate]\n");
        PlaybookFiles.Read read = PlaybookFiles.read(List.of(folder.resolve("a.yml")));

        assertThat(read.documents()).extracting(RuleDocument::id).containsExactly("good", "second");
        assertThat(read.documents().get(1).place().line()).isEqualTo(3);
        for (int i = 0; i < 2; i++) {
            assertThat(new PlaybookParser()
                            .parse("again", read.documents().get(i).text())
                            .playbooks())
                    .containsExactly(read.playbooks().get(i));
        }
    }

    /** As a kubelet lays it out: KEY -> ..data/KEY, ..data -> ..TIME. */
    @Test
    void readsAFileOfAMountedConfigMapOnce() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("..2026_11_25_19_00_00.123"));
        Files.writeString(kept.resolve("a.yml"), GOOD);
        Files.createSymbolicLink(folder.resolve("..data"), kept.getFileName());
        Files.createSymbolicLink(folder.resolve("a.yml"), Path.of("..data", "a.yml"));

        PlaybookFiles.Read read = PlaybookFiles.read(List.of(folder));

        assertThat(read.playbooks()).extracting(Playbook::name).containsExactly("good");
        assertThat(read.problems()).isEmpty();
    }

    @Test
    void saysWhatCannotBeRead() throws IOException {
        Path binary = Files.write(folder.resolve("b.yml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(PlaybookFiles.read(List.of(folder.resolve("absent.yml"), binary))
                        .problems())
                .extracting(RuleProblem::message)
                .satisfiesExactly(
                        message -> assertThat(message).contains("cannot be read"),
                        message -> assertThat(message).isEqualTo("the file is not UTF-8"));
    }
}
