package io.kordon.evidence.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kordon.evidence.inspect.Change.How;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerdInspectionTest {
    private static final String X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"; // of "x"
    private static final String LOGS = "var/log/pods/shop_web-1_uid-1/app/";

    @TempDir
    Path root;

    @Test
    void tellsWhichContainersThereAre() throws IOException {
        Report report = Node.containerd(root).inspect();
        assertThat(report.containers())
                .extracting(examined ->
                        examined.identity().pod() + "/" + examined.identity().name())
                .containsExactly("other-0/other", "web-1/null", "web-1/app");
        assertThat(app(report).identity())
                .isEqualTo(new Identity(
                        "containerd",
                        "k8s.io",
                        Node.SHOP,
                        false,
                        "app",
                        "shop",
                        "web-1",
                        "uid-1",
                        "docker.io/library/shop:1",
                        "sha256:0631533e3e874f2242fff931529a8051d850ae32953d0168e57a8058a78db3f7",
                        Instant.parse("2026-11-24T10:00:00.123456789Z")));
        assertThat(app(report).layers()).isEqualTo(2);
        assertThat(report.containers().get(1).identity().sandbox()).isTrue();
        assertThat(report.notes()).isEmpty();
    }

    @Test
    void tellsAddedFromChangedByTheNamesInAllLayers() throws IOException {
        Report report = Node.containerd(root)
                .file(Node.IMAGE_BASE + "etc/passwd", "root")
                .file(Node.IMAGE_TOP + "etc/motd", "hello")
                .file(Node.UPPER + "etc/passwd", "x")
                .file(Node.UPPER + "etc/motd", "x")
                .file(Node.UPPER + "etc/new", "x")
                .mode(Node.UPPER + "etc/new", "rw-r-----")
                .inspect();
        assertThat(app(report).changes())
                .extracting(Change::how, Change::path)
                .containsExactly(
                        tuple(How.CHANGED, "/etc/motd"),
                        tuple(How.ADDED, "/etc/new"),
                        tuple(How.CHANGED, "/etc/passwd"));
        assertThat(app(report).changes().get(1))
                .isEqualTo(new Change(
                        How.ADDED, "/etc/new", "file", 1, "0640", Node.NOW, X, false, false, null, List.of(), ""));
    }

    @Test
    void listsWhiteoutsAsDeleted() throws IOException {
        Report report = Node.containerd(root)
                .file(Node.IMAGE_BASE + "bin/a", "a")
                .file(Node.IMAGE_TOP + "bin/b", "b")
                .file(Node.IMAGE_BASE + "bin/c", "c")
                .whiteout(Node.UPPER + "bin/a")
                .file(Node.UPPER + "bin/.wh.b", "")
                .whiteout(Node.IMAGE_TOP + "bin/c")
                .file(Node.UPPER + "bin/c", "x")
                .inspect();
        assertThat(app(report).changes())
                .extracting(change -> change.how() + " " + change.path())
                .containsExactlyInAnyOrder("DELETED /bin/a", "DELETED /bin/b", "ADDED /bin/c");
    }

    @Test
    void takesNoFileOfTheContainerForAWhiteoutThatHidesIt() throws IOException {
        Report report = Node.containerd(root)
                .file(Node.IMAGE_BASE + "bin/a", "a")
                .file(Node.UPPER + "bin/.wh.a", "#!/bin/sh")
                .file(Node.UPPER + "bin/.wh.none", "")
                .inspect();
        assertThat(app(report).changes())
                .extracting(change -> change.how() + " " + change.path() + " " + change.executable())
                .containsExactly("ADDED /bin/.wh.a true", "ADDED /bin/.wh.none false");
    }

    @Test
    void listsWhatAFolderThatWasMadeAnewHides() throws IOException {
        Report report = Node.containerd(root)
                .file(Node.IMAGE_BASE + "opt/app/one", "1")
                .file(Node.IMAGE_TOP + "opt/app/two", "2")
                .file(Node.IMAGE_BASE + "opt/app/gone", "3")
                .whiteout(Node.IMAGE_TOP + "opt/app/gone")
                .file(Node.IMAGE_BASE + "srv/kept", "k")
                .opaque(Node.UPPER, "opt/app")
                .file(Node.UPPER + "opt/app/two", "x")
                .inspect();
        assertThat(app(report).changes())
                .extracting(change -> change.how() + " " + change.path())
                .containsExactlyInAnyOrder("CHANGED /opt/app/two", "DELETED /opt/app/one");
    }

    @Test
    void looksNoFurtherDownThanAFolderOfTheImageThatHidesOthers() throws IOException {
        Report report = Node.containerd(root)
                .file(Node.IMAGE_BASE + "opt/app/old", "1")
                .opaque(Node.IMAGE_TOP, "opt/app")
                .file(Node.UPPER + "opt/app/old", "x")
                .inspect();
        assertThat(app(report).changes()).extracting(Change::how).containsExactly(How.ADDED);
    }

    @Test
    void flagsProgramsHoweverTheyAreCalled() throws IOException {
        Report report = Node.containerd(root)
                .file(Node.UPPER + "tmp/elf", new byte[] {0x7f, 'E', 'L', 'F', 2})
                .file(Node.UPPER + "tmp/script", "#!/bin/sh\n")
                .file(Node.UPPER + "tmp/text", "x")
                .mode(Node.UPPER + "tmp/text", "rwxr-xr-x")
                .file(Node.UPPER + "tmp/plain", "x")
                .link(Node.UPPER + "tmp/link", "/etc/shadow")
                .inspect();
        assertThat(app(report).changes())
                .filteredOn(Change::executable)
                .extracting(Change::path)
                .contains("/tmp/elf", "/tmp/script", "/tmp/text")
                .doesNotContain("/tmp/plain");
        assertThat(report.findings())
                .filteredOn(finding -> finding.kind().equals("executable"))
                .hasSize(3)
                .allSatisfy(finding -> assertThat(finding.level()).isEqualTo(Finding.Level.MEDIUM));
        assertThat(app(report).changes())
                .filteredOn(change -> change.path().equals("/tmp/link"))
                .singleElement()
                .extracting(Change::target)
                .isEqualTo("/etc/shadow");
    }

    @Test
    void putsIndicatorsBeforeAllElse() throws IOException {
        Node node = Node.containerd(root).file(Node.UPPER + "tmp/.x", "x").file(Node.UPPER + "tmp/xmrig", "y");
        Report report =
                node.inspect(node.request().with(Indicators.parse("list", X + "  miner 6.21\npath: /tmp/**/xmrig*")));
        assertThat(report.findings())
                .extracting(finding ->
                        finding.level() + " " + finding.kind() + " " + finding.path() + " " + finding.indicator())
                .startsWith("CRITICAL indicator /tmp/.x miner 6.21", "HIGH indicator /tmp/xmrig path: /tmp/**/xmrig*");
        assertThat(report.findings().get(0).container()).isEqualTo(Node.SHOP);
    }

    @Test
    void readsTheKubeletsLogs() throws IOException {
        Report report = Node.containerd(root)
                .file(
                        LOGS + "0.log",
                        "2026-11-24T10:00:01.5Z stdout F hello\n2026-11-24T11:00:02+01:00 stderr F bye\n2026")
                .file("var/log/pods/shop_gone_uid-7/app/0.log", "2026-11-24T09:00:00.000Z stdout F x\n")
                .link(LOGS + "1.log", "/etc/passwd")
                .inspect();
        assertThat(app(report).logs()).singleElement().satisfies(log -> {
            assertThat(log.path()).isEqualTo("/" + LOGS + "0.log");
            assertThat(log.first()).isEqualTo("2026-11-24T10:00:01.5Z");
            assertThat(log.last()).isEqualTo("2026-11-24T10:00:02Z");
            assertThat(log.sha256()).hasSize(64);
        });
        assertThat(report.unclaimedLogs())
                .extracting(LogFile::path)
                .containsExactly("/var/log/pods/shop_gone_uid-7/app/0.log");
    }

    @Test
    void looksIntoVolumesThatPodsWriteTo() throws IOException {
        String volume = "var/lib/kubelet/pods/uid-1/volumes/kubernetes.io~empty-dir/cache";
        Report report = Node.containerd(root)
                .file(volume + "/run.sh", "#!/bin/sh")
                .file("var/lib/kubelet/pods/uid-1/volumes/kubernetes.io~secret/token/token", "secret")
                .inspect();
        assertThat(report.volumes()).singleElement().satisfies(found -> {
            assertThat(found.pod()).isEqualTo("web-1");
            assertThat(found.files()).extracting(Change::path).containsExactly("/run.sh");
        });
        assertThat(report.findings())
                .filteredOn(finding -> finding.kind().equals("executable"))
                .extracting(Finding::path)
                .containsExactly("/" + volume + "/run.sh");
    }

    @Test
    void looksOnlyAtWhatIsMeant() throws IOException {
        Node node = Node.containerd(root);
        assertThat(node.inspect(node.request().with(Selection.of("shop/web-1", null, null)))
                        .containers())
                .hasSize(2);
        assertThat(node.inspect(node.request().with(Selection.of(null, "uid-9", null)))
                        .containers())
                .hasSize(1);
        assertThat(node.inspect(node.request().with(Selection.of(null, null, "containerd://AAAA11111111")))
                        .containers())
                .hasSize(1);
        assertThat(node.inspect(node.request().with(Selection.of("shop/web-9", null, null)))
                        .notes())
                .containsExactly("nothing of what is meant is there: none of 3 containers");
        assertThatThrownBy(() -> Selection.of("web-1", null, null)).hasMessageContaining("NAMESPACE/NAME");
        assertThatThrownBy(() -> Selection.of(null, null, "abc")).hasMessageContaining("at least 8 characters");
    }

    @Test
    void saysWhatItDoesNotKnowWhereADatabaseIsDamaged() throws IOException {
        Node node = Node.containerd(root)
                .file(Node.CONTAINERD + "io.containerd.snapshotter.v1.overlayfs/metadata.db", "no database");
        assertThat(node.inspect().notes())
                .anySatisfy(note -> assertThat(note).contains("metadata.db has no valid meta page"))
                .anySatisfy(note -> assertThat(note).contains(Node.SHOP).contains("not known to the snapshotter"));
        node.file(Node.CONTAINERD + "io.containerd.metadata.v1.bolt/meta.db", "no database");
        assertThat(node.inspect().complete()).isFalse();
        assertThat(node.inspect().containers()).isEmpty();
    }

    @Test
    void refusesARootWithoutAnyRuntime() {
        assertThatThrownBy(() -> Node.empty(root).folder("etc").inspect())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no data of containerd or Docker");
    }

    @Test
    void writesTheSameReportsForPeopleAndToolsAsEver() throws IOException {
        Node node = Node.containerd(root)
                .file(Node.IMAGE_BASE + "etc/passwd", "root")
                .file(Node.UPPER + "etc/passwd", "x")
                .file(Node.UPPER + "tmp/a\u001b[2J\nb", "x")
                .whiteout(Node.UPPER + "etc/motd")
                .mode(Node.UPPER + "etc/passwd", "rw-r--r--")
                .mode(Node.UPPER + "tmp/a\u001b[2J\nb", "rwxr-xr-x")
                .mode(Node.UPPER + "tmp", "rwxrwxrwx")
                .file(LOGS + "0.log", "2026-11-24T10:00:01.5Z stdout F hello\n");
        Files.setLastModifiedTime(node.at(Node.UPPER + "tmp"), FileTime.from(Node.NOW));
        Report report = node.inspect(node.request()
                .with(Indicators.parse("list", X + "  caf\u00e9"))
                .with(Selection.of(null, null, Node.SHOP)));
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        ReportJson.write(report, json);
        List<String> text = new ArrayList<>();
        ReportText.write(report, text::add);
        golden("inspection.json", json.toString(StandardCharsets.US_ASCII));
        golden("inspection.txt", String.join("\n", text));
    }

    /** With {@code -Dgolden.update=true} the file is written instead. */
    private void golden(String name, String report) throws IOException {
        Path file = Path.of("src/test/resources", name);
        String actual = report.replace(root.toString(), "ROOT") + "\n";
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(file));
    }

    private static Report.Examined app(Report report) {
        return report.containers().stream()
                .filter(examined -> examined.identity().id().equals(Node.SHOP))
                .findFirst()
                .orElseThrow();
    }
}
