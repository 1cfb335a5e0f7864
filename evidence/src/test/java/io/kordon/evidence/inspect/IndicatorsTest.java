package io.kordon.evidence.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndicatorsTest {
    private static final String HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    @Test
    void matchesContentByWhatSha256sumWrites() {
        Indicators indicators =
                Indicators.parse("list", "# miners\n\n" + HASH.toUpperCase(java.util.Locale.ROOT) + "  xmrig 6\r\n");
        assertThat(indicators.of("/usr/bin/top", HASH)).containsExactly(new Indicators.Match("xmrig 6", true));
        assertThat(indicators.of("/usr/bin/top", "0".repeat(64))).isEmpty();
        assertThat(indicators.of("/usr/bin/top", null)).isEmpty();
    }

    @Test
    void matchesPathsAndNames() {
        Indicators indicators = Indicators.parse("list", "path: /tmp/**/xmrig*\nname: kdevtmpfsi\n" + HASH + " *b");
        assertThat(indicators.size()).isEqualTo(3);
        assertThat(indicators.of("/tmp/xmrig", null))
                .containsExactly(new Indicators.Match("path: /tmp/**/xmrig*", false));
        assertThat(indicators.of("/tmp/a/b/xmrig-6", HASH)).hasSize(2);
        assertThat(indicators.of("/var/tmp/xmrig", null)).isEmpty();
        assertThat(indicators.of("/any/where/kdevtmpfsi", null)).hasSize(1);
        assertThat(indicators.of("/kdevtmpfsi/x", null)).isEmpty();
    }

    @Test
    void namesEveryLineThatIsWrong() {
        assertThatThrownBy(() -> Indicators.parse(
                        "iocs.txt",
                        String.join(
                                "\n",
                                List.of(
                                        "abc  short",
                                        HASH,
                                        "path: tmp/x",
                                        "name: a/b",
                                        "path: /tmp/[",
                                        "sha1: x",
                                        HASH + "one blank",
                                        "a\u001b[2J"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(String.join(
                        "\n",
                        List.of(
                                "iocs.txt:1: neither a SHA-256 (64 hexadecimal digits, two blanks, a name) nor path:"
                                        + " PATTERN nor name: PATTERN",
                                "iocs.txt:3: a path begins with '/' or '**': use name: for names in any folder",
                                "iocs.txt:4: a name has no '/': use path:",
                                "iocs.txt:5: '[' at character 6 has no ']'",
                                "iocs.txt:6: neither a SHA-256 (64 hexadecimal digits, two blanks, a name) nor path:"
                                        + " PATTERN nor name: PATTERN",
                                "iocs.txt:7: neither a SHA-256 (64 hexadecimal digits, two blanks, a name) nor path:"
                                        + " PATTERN nor name: PATTERN",
                                "iocs.txt:8: there is a control character in the line")));
    }

    @Test
    void boundsPatternsAndProblems() {
        assertThatThrownBy(() -> Indicators.parse("list", "name: x\n".repeat(2_001)))
                .hasMessageContaining("list:2001: there are more than 2000 patterns");
        assertThatThrownBy(() -> Indicators.parse("list", "?\n".repeat(100)))
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(20));
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/*,          /tmp/x,          true",
        "/tmp/*,          /tmp/x/y,        false",
        "/tmp/**,         /tmp/x/y,        true",
        "/tmp/**,         /tmpx,           false",
        "/tmp/**/x,       /tmp/x,          true",
        "/tmp/**/x,       /tmp/a/b/x,      true",
        "/tmp/**/x,       /tmp/ax,         false",
        "**/x,            /a/x,            true",
        "**/.ssh/*,       /root/.ssh/id,   true",
        "/a?c,            /abc,            true",
        "/a?c,            /a/c,            false",
        "/[a-c]x,         /bx,             true",
        "/[!a-c]x,        /bx,             false",
        "/[!a-c]x,        /dx,             true",
        "/a[!b]c,         /a/c,            false",
        "/\\*,            /*,              true",
        "/\\*,            /x,              false",
        "/a*b*c,          /aXbYc,          true",
        "/a*b*c,          /aXbY,           false",
    })
    void matchesAsShellsDo(String pattern, String path, boolean expected) {
        assertThat(Glob.parse(pattern).matches(path)).isEqualTo(expected);
    }

    @Test
    void takesNoLongerForPatternsThatMatchInManyWays() {
        Glob glob = Glob.parse("/" + "**/*a".repeat(100));
        String path = "/" + "a/".repeat(2_000);
        assertThat(glob.matches(path + "b")).isFalse();
    }
}
