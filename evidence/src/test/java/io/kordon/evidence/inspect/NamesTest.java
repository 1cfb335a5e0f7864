package io.kordon.evidence.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void showsWhatATerminalWouldObeyByNumber() {
        assertThat(Names.shown(Path.of("tmp/a\nb\u001b[31m"))).isEqualTo("/tmp/a\\x0ab\\x1b[31m");
        assertThat(Names.printable("a\u202eb\u2028")).isEqualTo("a\\u{202e}b\\u{2028}");
        assertThat(Names.shown(Path.of("tmp/a\\x0ab"))).isEqualTo("/tmp/a\\\\x0ab");
    }

    @Test
    void showsBytesThatAreNoUtf8() {
        assertThat(Names.shown("caf\u00c3\u00a9")).isEqualTo("caf\u00e9");
        assertThat(Names.shown("x\u00ff\u00c3")).isEqualTo("x\\xff\\xc3");
    }

    @Test
    void keepsTheBytesOfNamesWhateverTheLocale() {
        Path odd = Path.of(URI.create("file:///a/%FF%C3%A9/b"));
        assertThat(Names.bytes(odd)).isEqualTo("/a/\u00ff\u00c3\u00a9/b");
        assertThat(Names.shown(Path.of("/a").relativize(odd))).isEqualTo("/\\xff\u00e9/b");
    }

    @Test
    void readsWhatGetfattrDumps() {
        String dump = """
            # file: /mnt/layer
            trusted.overlay.opaque=0x79

            # file: /mnt/layer/opt/de\\012ep
            trusted.overlay.opaque=0x79

            # file: /mnt/layer/kept
            trusted.overlay.opaque=0x78

            # file: /mnt/layer/renamed
            user.overlay.redirect=0x2f61

            # file: /mnt/layerx/other
            trusted.overlay.opaque=0x79
            """;
        OverlayMarks.Marks marks = Getfattr.parse(Path.of("/mnt/layer"), dump);
        assertThat(marks.opaque()).isEqualTo(Set.of("", "opt/de\nep"));
        assertThat(marks.notes())
                .singleElement()
                .asString()
                .startsWith("/renamed has an overlay mark of the kind redirect");
        assertThat(marks.opaque(Path.of("opt/de\nep"))).isTrue();
    }

    @Test
    void knowsWhoSeesTheKernelsAttributes() {
        assertThat(Getfattr.sees("Name:\tjava\nCapEff:\t000001ffffffffff\nCapBnd:\t0\n"))
                .isTrue();
        assertThat(Getfattr.sees("CapEff:\t00000000a80425fb\n")).isFalse();
        assertThat(Getfattr.sees("CapEff:\t0000000000000000\n")).isFalse();
        assertThat(Getfattr.sees("")).isFalse();
    }
}
