package io.kordon.app.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How to run a command without being root, for servers that refuse to be.
 *
 * @param prefix to put before the command; empty where this process is not root
 * @param owner {@code uid:gid} that files written by the command must belong to; null where they can stay as they are
 */
record Unprivileged(List<String> prefix, @Nullable String owner) {

    Unprivileged {
        prefix = List.copyOf(prefix);
    }

    /** Whether this process is root, by {@code id -u}: the JDK has no portable way to ask. */
    static boolean isRoot() {
        return output(List.of("id", "-u")).equals("0");
    }

    /**
     * The first way that works here and that can read all of {@code needed}: another user by setpriv, runuser or su; else
     * a user namespace in which root has another number. Containers often forbid the latter, home directories the
     * former.
     *
     * @return null where no way works
     */
    static @Nullable Unprivileged find(List<Path> needed) {
        if (!isRoot()) {
            return new Unprivileged(List.of(), null);
        }
        for (Unprivileged way : ways()) {
            if (way.reaches(needed)) {
                return way;
            }
        }
        return null;
    }

    private static List<Unprivileged> ways() {
        List<Unprivileged> ways = new ArrayList<>();
        String uid = output(List.of("id", "-u", "nobody"));
        String gid = output(List.of("id", "-g", "nobody"));
        if (!uid.isEmpty() && !gid.isEmpty()) {
            String owner = uid + ":" + gid;
            ways.add(new Unprivileged(
                    List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"), owner));
            ways.add(new Unprivileged(List.of("runuser", "-u", "nobody", "--"), owner));
            ways.add(new Unprivileged(
                    List.of("su", "-s", "/bin/sh", "nobody", "-c", "exec \"$0\" \"$@\"", "--"), owner));
        }
        ways.add(new Unprivileged(List.of("unshare", "--user", "--map-user=1000", "--map-group=1000", "--"), null));
        return ways;
    }

    private boolean reaches(List<Path> needed) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                "/bin/sh", "-c", "[ \"$(id -u)\" != 0 ] || exit 1; for f; do [ -r \"$f\" ] || exit 1; done; echo yes"));
        command.add("sh");
        needed.forEach(path -> command.add(path.toString()));
        return output(command).equals("yes");
    }

    /** Gives a directory and all in it to {@link #owner}. */
    void own(Path directory) throws IOException {
        if (owner != null) {
            run(List.of("chown", "-R", owner, directory.toString()));
        }
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** What a short command prints, or nothing where it fails or does not exist. */
    private static String output(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? out.strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
