package io.kordon.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleNamesTest {

    @ParameterizedTest
    @CsvSource({
        "containers/tomcat/current.log, containers/tomcat/current.log",
        "/etc/passwd, etc/passwd",
        "../../etc/passwd, =2E./=2E./etc/passwd",
        "a/./b, a/=2E/b",
        "a//b/, a/b",
        "a b, a=20b",
        "a=b, a=3Db",
        "-rf, =2Drf",
        ".hidden, =2Ehidden",
        "é, =C3=A9",
        "/, =",
        "'', ="
    })
    void escapesWhatCouldBeTakenForMoreThanAName(String wanted, String name) {
        assertThat(BundleNames.path(wanted)).isEqualTo(name);
        assertThat(BundleNames.isPath(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u0000b",
                "a\nb",
                "a\u001b[2Jb",
                "a\\b",
                "C:\\x",
                "a\ud800b",
                "a\u202eb",
                "`id`",
                "$(id)",
                "a;b",
                "*"
            })
    void leavesNoCharacterThatAShellOrATerminalObeys(String wanted) {
        assertThat(BundleNames.path(wanted)).matches("[A-Za-z0-9._=-]+");
    }

    @ParameterizedTest
    @ValueSource(ints = {119, 120, 121, 500, 100_000})
    void boundsNamesAndKeepsThemApart(int length) {
        String one = BundleNames.path("x".repeat(length) + "/" + "y".repeat(length) + "1");
        String other = BundleNames.path("x".repeat(length) + "/" + "y".repeat(length) + "2");

        assertThat(one).hasSizeLessThanOrEqualTo(BundleNames.LONGEST_PATH).isNotEqualTo(other);
        assertThat(BundleNames.isPath(one)).isTrue();
    }

    @Test
    void boundsDepth() {
        assertThat(BundleNames.path("a/".repeat(5_000))).doesNotContain("/").hasSizeLessThanOrEqualTo(120);
        assertThat(BundleNames.path(("b".repeat(100) + "/").repeat(6))).hasSizeLessThanOrEqualTo(120);
    }

    @Test
    void givesNoTwoFilesNamesThatAnyFileSystemTakesForOne() {
        BundleNames names = new BundleNames();
        List<String> given = new ArrayList<>();
        for (String wanted : List.of("a", "A", "a", "a/b", "A/b", "c/d", "c", "C", "c.2", "e/f/g", "e/F", "e/f")) {
            String name = names.free(wanted);
            names.take(name);
            given.add(name);
        }

        assertThat(given)
                .containsExactly(
                        "a", "A.2", "a.3", "a_b", "A_b.2", "c/d", "c.2", "C.3", "c.2.2", "e/f/g", "e_F", "e_f.2");
        List<String> folded =
                given.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        assertThat(folded).doesNotHaveDuplicates();
        assertThat(folded).noneMatch(file -> folded.stream().anyMatch(other -> other.startsWith(file + "/")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/", "a//b", "..", "a/../b", ".", "a\\b", "a b", "a\nb", "é"})
    void knowsNamesThatItNeverGives(String name) {
        assertThat(BundleNames.isPath(name)).isFalse();
    }
}
