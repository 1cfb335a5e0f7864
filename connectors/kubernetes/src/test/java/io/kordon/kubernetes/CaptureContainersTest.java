package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.kordon.kubernetes.simulated.SimulatedKubelet;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What a capture gets out of containers, ordinary ones and an attacker's. */
class CaptureContainersTest extends CaptureContract {
    private static final String PROCESSES = "containers/tomcat/processes.txt";

    @Test
    void keepsTheEndOfALongLogAndSaysHowMuchThereWas() throws StepFailure {
        byte[] log = new byte[3_000_017];
        new Random(7).nextBytes(log);
        cluster.simulated().kubelet().log(Commands.AFFECTED, "tomcat", false, log);

        captured("logBytes=100000");

        assertThat(piece("containers/tomcat/current.log").content())
                .isEqualTo(Arrays.copyOfRange(log, log.length - 100_000, log.length));
        assertThat(piece("containers/tomcat/current.log").facts())
                .containsEntry("seen", "3000017")
                .containsEntry("truncated", "only the last 100000 bytes");
    }

    @Test
    void takesTheLogOfTheRunBeforeWhereThereWasOne() throws StepFailure {
        store(edit().editStatus()
                .editFirstContainerStatus()
                .withRestartCount(2)
                .endContainerStatus()
                .endStatus());
        cluster.simulated()
                .kubelet()
                .log(Commands.AFFECTED, "tomcat", true, "before the crash".getBytes(StandardCharsets.UTF_8));

        captured();

        assertThat(piece("containers/tomcat/previous.log").text()).isEqualTo("before the crash");
    }

    @Test
    void notesAPreviousLogThatTheKubeletHasNoMore() throws StepFailure {
        store(edit().editStatus()
                .editFirstContainerStatus()
                .withRestartCount(2)
                .endContainerStatus()
                .endStatus());

        captured();

        assertThat(bundles.missing)
                .hasEntrySatisfying(
                        "containers/tomcat/previous.log",
                        why -> assertThat(why).contains("previous terminated container"));
    }

    @Test
    void takesLogsOfInitAndEphemeralContainersToo() throws StepFailure {
        store(edit().editSpec()
                .withInitContainers(
                        new ContainerBuilder().withName("setup").withImage("x").build())
                .addNewEphemeralContainer()
                .withName("debugger")
                .withImage("x")
                .endEphemeralContainer()
                .endSpec());

        captured();

        assertThat(bundles.pieces)
                .containsKeys(
                        "containers/setup/current.log",
                        "containers/tomcat/current.log",
                        "containers/debugger/current.log")
                .doesNotContainKeys("containers/setup/processes.txt", "containers/debugger/processes.txt");
    }

    @Test
    void looksOnlyAtTheContainersThatAreNamed() throws StepFailure {
        sidecar();

        captured("containers=sidecar,none");

        assertThat(bundles.pieces)
                .containsKeys("containers/sidecar/current.log", "containers/sidecar/processes.txt")
                .doesNotContainKeys("containers/tomcat/current.log", PROCESSES, "checkpoints/tomcat.json");
        assertThat(bundles.missing).containsEntry("containers/none", "the pod has no container of this name");
    }

    @Test
    void takesConnectionsOnceForAllContainersOfThePod() throws StepFailure {
        sidecar();

        captured();

        assertThat(bundles.pieces.keySet())
                .filteredOn(name -> name.endsWith("/connections.txt"))
                .hasSize(1);
    }

    @Test
    void looksIntoAContainerThatOnlyBearsTheNameOfOneOfOurs() throws StepFailure {
        sidecar("kordon-debug-miner");

        captured();

        assertThat(bundles.pieces).containsKey("containers/kordon-debug-miner/processes.txt");
    }

    @Test
    void runsNothingWhereThePlaybookForbidsIt() throws StepFailure {
        captured("exec=false", "checkpoint=false");

        assertThat(cluster.calls()).extracting(call -> call.resource()).doesNotContain("pods/exec", "nodes/proxy");
        assertThat(bundles.missing)
                .containsEntry("containers/", "the playbook says exec: false")
                .containsEntry("checkpoints/", "the playbook says checkpoint: false");
    }

    @Test
    void givesUpAProgramThatWritesWithoutEndAndKeepsItsBeginning() throws StepFailure {
        byte[] line = "A".repeat(4096).getBytes(StandardCharsets.UTF_8);
        programs((command, console) -> {
            while (console.out(line)) {
                // an attacker has time
            }
        });

        captured();

        assertThat(piece(PROCESSES).content()).hasSize((int) LIMITS.execBytes());
        assertThat(piece(PROCESSES).facts()).containsEntry("end", "given up: it wrote more than is kept");
        assertThat(bundles.pieces).containsKey("containers/tomcat/current.log");
    }

    @Test
    void givesUpAProgramThatNeverEndsAndStillTakesTheLogs() throws StepFailure {
        programs((command, console) -> console.out("half a li".getBytes(StandardCharsets.UTF_8)));

        captured();

        assertThat(piece(PROCESSES).text()).isEqualTo("half a li");
        assertThat(piece(PROCESSES).facts()).containsEntry("end", "given up: it did not end in time");
        assertThat(bundles.pieces).containsKey("containers/tomcat/current.log");
    }

    @Test
    void keepsHostileBytesAsTheyAreAndOutOfTheManifest() throws StepFailure {
        byte[] hostile = "\u001b]0;owned\u0007\0\r\n\u202egnp.exe".getBytes(StandardCharsets.UTF_8);
        programs((command, console) -> {
            console.out(hostile);
            console.err("\u001b[2J\0\u202eall is well");
            console.exit(3);
        });

        captured();

        assertThat(piece(PROCESSES).content()).isEqualTo(hostile);
        assertThat(piece(PROCESSES).facts().get("end"))
                .startsWith("failed: command terminated with non-zero exit code: exit status 3")
                .contains("all is well")
                .doesNotContain("\u001b", "\0", "\u202e");
    }

    @Test
    void triesAnotherWayWhereAProgramIsNotThere() throws StepFailure {
        programs((command, console) -> {
            if (command.equals(List.of("ps", "-ef"))) {
                console.out("PID 1 java".getBytes(StandardCharsets.UTF_8));
                console.exit(0);
            } else {
                console.notFound(command.get(0));
            }
        });

        captured();

        assertThat(piece(PROCESSES).text()).isEqualTo("PID 1 java");
        assertThat(piece(PROCESSES).facts().get("tried")).contains("sh -c").contains("executable file not found");
        assertThat(bundles.missing).containsKeys("containers/tomcat/changed-files.txt");
    }

    @Test
    void looksForFilesThatChangedSinceTheContainerStartedVolumesIncluded() throws StepFailure {
        store(edit().editSpec()
                .addNewVolume()
                .withName("work")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .addNewVolume()
                .withName("token")
                .withNewSecret()
                .endSecret()
                .endVolume()
                .editFirstContainer()
                .addNewVolumeMount()
                .withName("work")
                .withMountPath("/work space")
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("token")
                .withMountPath("/run/token")
                .endVolumeMount()
                .endContainer()
                .endSpec()
                .editStatus()
                .editFirstContainerStatus()
                .editState()
                .editRunning()
                .withStartedAt(Commands.NOW.minusSeconds(3600).toString())
                .endRunning()
                .endState()
                .endContainerStatus()
                .endStatus());
        List<List<String>> commands = new CopyOnWriteArrayList<>();
        programs((command, console) -> {
            commands.add(command);
            console.exit(0);
        });

        captured();

        assertThat(commands)
                .filteredOn(command -> command.get(0).equals("find"))
                .singleElement()
                .satisfies(command -> {
                    assertThat(command)
                            .startsWith(
                                    "find", "/tmp", "/var/tmp", "/dev/shm", "/work space", "/", "-xdev", "-cmin", "-61")
                            .doesNotContain("/run/token");
                });
    }

    @Test
    void saysWhatWasTriedInAContainerWithoutTools() throws StepFailure {
        programs(CaptureContainersTest::distroless);

        captured();

        assertThat(bundles.pieces).doesNotContainKey(PROCESSES).containsKey("containers/tomcat/current.log");
        assertThat(bundles.missing)
                .hasEntrySatisfying(
                        PROCESSES,
                        why -> assertThat(why)
                                .contains("sh -c")
                                .contains("ps -ef")
                                .contains("executable file not found"));
        assertThat(affected().getSpec().getEphemeralContainers()).isNullOrEmpty();
    }

    @Test
    void looksFromAnEphemeralContainerIntoOneWithoutTools() throws StepFailure {
        programs(CaptureContainersTest::distroless);

        captured("debugImage=registry.example/busybox:1.36");

        assertThat(affected().getSpec().getEphemeralContainers())
                .singleElement()
                .satisfies(debug -> {
                    assertThat(debug.getImage()).isEqualTo("registry.example/busybox:1.36");
                    assertThat(debug.getTargetContainerName()).isEqualTo("tomcat");
                    assertThat(piece(PROCESSES).facts())
                            .containsEntry("container", "tomcat")
                            .containsEntry("ranIn", debug.getName());
                });
        assertThat(piece("containers/tomcat/changed-files.txt").facts().get("command"))
                .contains("/proc/1/root/tmp");
    }

    @Test
    void addsNoSecondEphemeralContainerWhenItIsRunAgain() throws StepFailure {
        programs(CaptureContainersTest::distroless);
        captured("debugImage=busybox");
        bundles.forget();

        captured("debugImage=busybox");

        assertThat(affected().getSpec().getEphemeralContainers()).hasSize(1);
        assertThat(bundles.pieces).containsKey(PROCESSES);
    }

    @Test
    void notesAnEphemeralContainerThatDoesNotStart() throws StepFailure {
        programs(CaptureContainersTest::distroless);
        cluster.simulated().kubelet().failPulls("no such image");

        captured("debugImage=busybox");

        assertThat(bundles.missing)
                .hasEntrySatisfying(
                        PROCESSES,
                        why -> assertThat(why).contains("did not run in time").contains("no such image"));
    }

    @Test
    void notesAnEphemeralContainerThatIsNotLetIn() throws StepFailure {
        programs(CaptureContainersTest::distroless);
        cluster.failNext("patch", "pods/ephemeralcontainers", 403, 1);

        captured("debugImage=busybox");

        assertThat(bundles.missing)
                .hasEntrySatisfying(PROCESSES, why -> assertThat(why).contains("was not let in"));
    }

    @Test
    void notesThatExecIsForbidden() throws StepFailure {
        cluster.failNext("get", "pods/exec", 403, 100);

        captured("debugImage=busybox");

        assertThat(bundles.missing)
                .hasEntrySatisfying(PROCESSES, why -> assertThat(why).contains("the API server answered 403"));
        assertThat(bundles.pieces).containsKey("containers/tomcat/current.log");
        assertThat(affected().getSpec().getEphemeralContainers()).isNullOrEmpty();
    }

    @Test
    void notesAKubeletWithoutCheckpoints() throws StepFailure {
        cluster.simulated().kubelet().checkpoints(false);

        captured();

        assertThat(bundles.missing)
                .hasEntrySatisfying(
                        "checkpoints/tomcat.json",
                        why -> assertThat(why).startsWith("404").contains("the kubelet has no checkpoints"));
    }

    private static void distroless(List<String> command, SimulatedKubelet.Console console) {
        console.notFound(command.get(0));
    }

    private void programs(BiConsumer<List<String>, SimulatedKubelet.Console> run) {
        cluster.simulated().kubelet().programs(Commands.AFFECTED, "tomcat", run);
    }

    private void sidecar() {
        sidecar("sidecar");
    }

    private void sidecar(String name) {
        store(edit().editSpec()
                .addNewContainer()
                .withName(name)
                .withImage("x")
                .endContainer()
                .endSpec()
                .editStatus()
                .addToContainerStatuses(new ContainerStatusBuilder()
                        .withName(name)
                        .withNewState()
                        .withNewRunning()
                        .withStartedAt(Commands.NOW.toString())
                        .endRunning()
                        .endState()
                        .build())
                .endStatus());
    }
}
