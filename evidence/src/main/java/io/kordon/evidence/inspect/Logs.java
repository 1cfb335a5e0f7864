package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Logs of containers: those of pods in {@code var/log/pods/NAMESPACE_NAME_UID/CONTAINER}, in the kubelet's form, and Docker's
 * JSON lines. Links are not followed: where the kubelet made some, they lead to Docker's own files.
 */
final class Logs {
    static final String PODS = "var/log/pods";

    private static final int EDGE = 1 << 16;
    private static final int MOST_FILES = 1_000;

    /** {@code 2026-11-24T12:00:00.123456789Z stdout F text}. */
    private static final Pattern KUBELET = Pattern.compile("(\\S{20,40}) (?:stdout|stderr) [FP] .*", Pattern.DOTALL);

    /** Docker's encoder writes the time last. */
    private static final Pattern DOCKER = Pattern.compile(".*\"time\":\"([^\"]{20,40})\"}", Pattern.DOTALL);

    private final Volume volume;
    private final Budget budget;
    private final Contents contents;

    /** Folder of a pod's container. */
    record Folder(String namespace, String pod, String uid, String container, Path at) {}

    Logs(Volume volume, Budget budget, Contents contents) {
        this.volume = volume;
        this.budget = budget;
        this.contents = contents;
    }

    /** The folders of all pods that are on the volume, by path. */
    List<Folder> folders() {
        List<Folder> folders = new ArrayList<>();
        try {
            Optional<Path> pods = volume.folder(PODS);
            if (pods.isPresent()) {
                for (Path pod : folders(pods.orElseThrow())) {
                    String[] parts = Names.shown(Names.bytes(name(pod))).split("_", -1);
                    if (parts.length == 3) {
                        for (Path container : folders(pod)) {
                            folders.add(new Folder(
                                    parts[0],
                                    parts[1],
                                    parts[2],
                                    Names.shown(Names.bytes(name(container))),
                                    container));
                        }
                    }
                }
            }
        } catch (IOException e) {
            budget.incomplete("/" + PODS + " cannot be read: " + Names.printable(String.valueOf(e.getMessage())));
        }
        return folders;
    }

    private List<Path> folders(Path parent) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (Path name : volume.list(parent, budget.entriesLeft() + 1).names()) {
            Path folder = parent.resolve(name);
            if (budget.entry() && volume.stat(folder).filter(Stat::directory).isPresent()) {
                folders.add(folder);
            }
        }
        return folders;
    }

    private static Path name(Path path) {
        return path.getName(path.getNameCount() - 1);
    }

    /** All files in folders. */
    List<LogFile> in(List<Folder> folders) {
        List<Path> files = new ArrayList<>();
        for (Folder folder : folders) {
            try {
                Volume.Listing listing = volume.list(folder.at(), MOST_FILES);
                listing.names().forEach(name -> files.add(folder.at().resolve(name)));
                if (listing.cut()) {
                    budget.incomplete(Names.shown(folder.at()) + " has more than " + MOST_FILES + " files");
                }
            } catch (IOException e) {
                budget.incomplete(Names.shown(folder.at()) + " cannot be read: "
                        + Names.printable(String.valueOf(e.getMessage())));
            }
        }
        return of(files);
    }

    /** What is in these files; names that are no regular files are left out. */
    List<LogFile> of(List<Path> files) {
        Map<String, LogFile> logs = new TreeMap<>();
        for (Path file : files) {
            try {
                Stat stat = volume.stat(file).orElse(null);
                if (budget.entry() && stat != null && stat.file()) {
                    logs.put(Names.shown(file), log(file, stat));
                }
            } catch (IOException e) {
                budget.incomplete(
                        Names.shown(file) + " cannot be read: " + Names.printable(String.valueOf(e.getMessage())));
            }
        }
        return List.copyOf(logs.values());
    }

    private LogFile log(Path file, Stat stat) throws IOException {
        Contents.Content content = contents.of(file, stat);
        try (SeekableByteChannel channel = volume.read(file)) {
            String start = edge(channel, 0);
            String end = edge(channel, Math.max(0, stat.bytes() - EDGE));
            int whole = end.lastIndexOf('\n');
            return new LogFile(
                    Names.shown(file),
                    stat.bytes(),
                    content.sha256(),
                    time(start.lines().findFirst().orElse("")),
                    whole < 0 ? null : time(end.substring(end.lastIndexOf('\n', whole - 1) + 1, whole)),
                    content.note());
        }
    }

    private static String edge(SeekableByteChannel channel, long from) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(EDGE);
        channel.position(from);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }

    private static @Nullable Instant time(String line) {
        Matcher kubelet = KUBELET.matcher(line);
        Matcher docker = DOCKER.matcher(line);
        String text = kubelet.matches() ? kubelet.group(1) : docker.matches() ? docker.group(1) : "";
        try {
            // With an offset where the node's clock is not on UTC.
            return text.isEmpty() ? null : java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
