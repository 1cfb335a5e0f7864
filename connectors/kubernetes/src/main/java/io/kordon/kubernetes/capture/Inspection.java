package io.kordon.kubernetes.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One thing to find out in a running container by running a program there.
 *
 * @param file where it goes in the container's folder of the bundle
 * @param commands what can be run for it; the first that works is taken
 */
record Inspection(String file, List<List<String>> commands) {
    static final String CONNECTIONS = "connections.txt";

    /**
     * What every process of the container is, by its own files in /proc; needs nothing but a shell. Environments are not
     * read: they hold secrets, and the pod's manifest says where these come from.
     */
    private static final String PROCESSES = """
            ulimit -t 10 2>/dev/null
            for p in /proc/[0-9]*; do
              [ -r "$p/status" ] || continue
              printf '\\n== process %s\\nexe: ' "${p#/proc/}"
              readlink "$p/exe" 2>/dev/null || ls -l "$p/exe" 2>/dev/null || echo '?'
              printf 'cwd: '
              readlink "$p/cwd" 2>/dev/null || ls -ld "$p/cwd" 2>/dev/null || echo '?'
              printf 'cmdline (NUL between arguments): '
              cat "$p/cmdline" 2>/dev/null
              printf '\\n'
              while IFS= read -r line; do printf '%s\\n' "$line"; done < "$p/status"
            done 2>/dev/null
            """;

    private static final List<String> SOCKETS =
            List.of("/proc/net/tcp", "/proc/net/tcp6", "/proc/net/udp", "/proc/net/udp6");

    /** Where attackers put files first; then everything on the container's own file system. */
    private static final List<String> FOLDERS = List.of("/tmp", "/var/tmp", "/dev/shm", "/");

    Inspection {
        commands = commands.stream().map(List::copyOf).toList();
    }

    static Inspection processes() {
        return new Inspection(
                "processes.txt", List.of(List.of("sh", "-c", PROCESSES), List.of("ps", "-ef"), List.of("ps")));
    }

    /** Of the pod, not of one container: all of a pod's containers share its network. */
    static Inspection connections() {
        List<String> cat = new ArrayList<>(List.of("cat"));
        cat.addAll(SOCKETS);
        String read = "for f in " + String.join(" ", SOCKETS)
                + "; do while IFS= read -r line; do printf '%s\\n' \"$line\"; done < \"$f\"; done 2>/dev/null";
        return new Inspection(CONNECTIONS, List.of(cat, List.of("sh", "-c", read)));
    }

    /**
     * Files whose inode changed since the container started: unlike the time of modification, a program cannot set that one
     * back. Names end in NUL where {@code find} can do that, for they may hold ends of lines.
     *
     * @param root what stands before all paths, to look at another container's files; empty for the container's own
     * @param mounts paths of volumes, which are file systems of their own
     */
    static Inspection changedFiles(String root, Set<String> mounts, long minutes) {
        List<String> find = new ArrayList<>(List.of("find"));
        FOLDERS.stream().limit(FOLDERS.size() - 1L).forEach(folder -> find.add(root + folder));
        mounts.stream().filter(mount -> !FOLDERS.contains(mount)).forEach(mount -> find.add(root + mount));
        find.add(root + "/");
        find.add("-xdev");
        return new Inspection(
                "changed-files.txt",
                List.of(
                        and(find, "-cmin", "-" + minutes, "-printf", "%C+ %T+ %M %U %s %p\\0"),
                        and(find, "-cmin", "-" + minutes, "-print0"),
                        and(find, "-mmin", "-" + minutes, "-print")));
    }

    private static List<String> and(List<String> command, String... more) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(more));
        return whole;
    }

    /** A command for the manifest. */
    static String text(List<String> command) {
        return command.get(0).equals("sh") ? "sh -c (reads /proc)" : Printable.of(String.join(" ", command), 200);
    }
}
