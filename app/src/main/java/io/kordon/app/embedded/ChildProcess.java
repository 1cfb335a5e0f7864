package io.kordon.app.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A server in a child process that cannot outlive this one.
 *
 * <p>A small shell stands between: its standard input is a pipe from this process, and when that pipe ends (on
 * {@link #close()}, but also when this process is killed with no time to say goodbye) it stops the server, politely and
 * after ten seconds without asking. Should even the shell be killed, the process id left in the data directory lets the
 * next run on that directory clear away what is left.
 */
final class ChildProcess implements AutoCloseable {
    private static final int TAIL_LINES = 25;
    private static final Duration POLL = Duration.ofMillis(100);

    /** The server's process id goes to the file named by the first argument; the rest is the command. */
    private static final String WATCHDOG = """
            pidfile=$1; shift
            exec 3<&0 </dev/null
            "$@" 3<&- &
            child=$!
            echo "$child" > "$pidfile"
            trap '' INT TERM HUP
            ( cat <&3 >/dev/null
              [ -f "$pidfile" ] || exit 0
              kill -TERM "$child"
              for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$child" || exit 0; sleep 1; done
              kill -KILL "$child" ) 2>/dev/null &
            exec 3<&-
            wait "$child"
            status=$?
            rm -f "$pidfile"
            exit "$status"
            """;

    private final String name;
    private final Process process;
    private final Path log;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts {@code command}.
     *
     * @param name for messages, as {@code schema registry}
     * @param directory of the process id and the log; a process that an earlier run left there is stopped first
     */
    static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path directory) {
        Path pidFile = directory.resolve("pid");
        Path log = directory.resolve("console.log");
        try {
            Files.createDirectories(directory);
            clearLeftover(pidFile, directory);
            List<String> watched = new ArrayList<>(List.of("/bin/sh", "-c", WATCHDOG, "kordon", pidFile.toString()));
            watched.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(watched)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
            builder.environment().putAll(environment);
            return new ChildProcess(name, builder.start(), log);
        } catch (IOException e) {
            throw new EmbeddedServerException("could not start the " + name + ": " + e.getMessage(), e);
        }
    }

    /** Waits until the server answers. */
    void awaitReady(BooleanSupplier ready, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive()) {
                throw new EmbeddedServerException("the " + name + " ended with exit code " + process.exitValue()
                        + " before it was ready. The end of " + log + ":\n" + tail());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new EmbeddedServerException("the " + name + " was not ready after " + limit.toSeconds()
                        + " s. The end of " + log + ":\n" + tail());
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Stops the server and waits for its end. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                destroy(process.toHandle());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not stop the " + name, e);
        } catch (InterruptedException e) {
            destroy(process.toHandle());
            Thread.currentThread().interrupt();
        }
    }

    private String tail() {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(unreadable: " + e.getMessage() + ")";
        }
    }

    /** Stops the process named in the file, if it still runs and is ours: its command line names our directory. */
    private static void clearLeftover(Path pidFile, Path directory) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        String pid = Files.readString(pidFile).strip();
        if (pid.matches("[0-9]{1,10}")) {
            ProcessHandle.of(Long.parseLong(pid))
                    .filter(left -> left.info().commandLine().orElse("").contains(directory.toString()))
                    .ifPresent(ChildProcess::destroy);
        }
        Files.delete(pidFile);
    }

    private static void destroy(ProcessHandle left) {
        List<ProcessHandle> tree = new ArrayList<>(left.descendants().toList());
        tree.add(left);
        tree.forEach(ProcessHandle::destroyForcibly);
        tree.forEach(handle -> handle.onExit()
                .orTimeout(5, TimeUnit.SECONDS)
                .exceptionally(late -> handle)
                .join());
    }
}
