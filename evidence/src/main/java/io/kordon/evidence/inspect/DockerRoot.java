package io.kordon.evidence.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Docker's data root with the storage driver overlay2. {@code containers/ID/config.v2.json} has image and labels,
 * {@code image/overlay2/layerdb/mounts/ID/mount-id} the name of its layer, {@code overlay2/NAME} the layer: {@code diff} with
 * the files, {@code lower} with short names of those below it, which are links in {@code overlay2/l}.
 */
final class DockerRoot {
    private static final String DRIVER = "overlay2";
    private static final int MOST_JSON = 8 << 20;
    private static final int MOST_LOWER = 1 << 20;
    private static final int MOST_LAYERS = 1_000;
    private static final int MOST_LOGS = 1_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Volume volume;
    private final Path root;
    private final Budget budget;

    DockerRoot(Volume volume, Path root, Budget budget) {
        this.volume = volume;
        this.root = root;
        this.budget = budget;
    }

    List<Container> containers() throws IOException {
        Optional<Path> folder = volume.find(root, Path.of("containers"));
        if (folder.isEmpty()) {
            throw new DamagedException(Names.shown(root) + " has no folder containers");
        }
        List<Container> containers = new ArrayList<>();
        Volume.Listing listing =
                volume.list(folder.orElseThrow(), budget.bounds().containers());
        if (listing.cut()) {
            budget.incomplete("more than " + budget.bounds().containers() + " containers: the rest is left out");
        }
        for (Path id : listing.names()) {
            Path home = folder.orElseThrow().resolve(id);
            try {
                if (volume.stat(home).filter(Stat::directory).isPresent()) {
                    containers.add(container(id.toString(), home));
                }
            } catch (IOException e) {
                budget.incomplete("container " + Names.shown(Names.bytes(id)) + ": "
                        + Names.printable(String.valueOf(e.getMessage())));
            }
        }
        return containers;
    }

    private Container container(String id, Path home) throws IOException {
        JsonNode config = json(home.resolve("config.v2.json"));
        JsonNode labels = config.path("Config").path("Labels");
        List<String> notes = new ArrayList<>();
        List<Path> chain = List.of();
        String driver = config.path("Driver").asString("");
        if (driver.equals(DRIVER)) {
            chain = layers(id, notes);
        } else {
            notes.add("its files are not looked at: they are with the storage driver '" + Names.printable(driver)
                    + "', not with " + DRIVER);
        }
        String kind = labels.path("io.kubernetes.docker.type").asString("");
        return new Container(
                new Identity(
                        "docker",
                        "",
                        id,
                        kind.equals("podsandbox"),
                        text(labels, "io.kubernetes.container.name"),
                        text(labels, "io.kubernetes.pod.namespace"),
                        text(labels, "io.kubernetes.pod.name"),
                        text(labels, "io.kubernetes.pod.uid"),
                        text(config.path("Config"), "Image"),
                        text(config, "Image"),
                        time(config.path("Created").asString(""))),
                chain.stream().findFirst(),
                chain.isEmpty() ? List.of() : chain.subList(1, chain.size()),
                logs(id, home),
                notes);
    }

    private static @Nullable String text(JsonNode node, String name) {
        String text = node.path(name).asString("");
        return text.isEmpty() ? null : text;
    }

    private static @Nullable Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private JsonNode json(Path file) throws IOException {
        try {
            return JSON.readTree(volume.bytes(file, MOST_JSON));
        } catch (JacksonException e) {
            throw new DamagedException(Names.shown(file) + " is not JSON: " + e.getOriginalMessage());
        }
    }

    private List<Path> layers(String id, List<String> notes) throws IOException {
        Path mount = Path.of("image", DRIVER, "layerdb", "mounts", id, "mount-id");
        Optional<Path> file = volume.find(root, mount);
        if (file.isEmpty()) {
            notes.add("its layer is not known: there is no " + Names.shown(root.resolve(mount)));
            return List.of();
        }
        String name = new String(volume.bytes(file.orElseThrow(), MOST_LOWER), StandardCharsets.UTF_8).strip();
        if (!NAME.matcher(name).matches()) {
            throw new DamagedException(Names.shown(file.orElseThrow()) + " names no layer");
        }
        List<Path> chain = new ArrayList<>();
        if (!add(chain, Path.of(DRIVER, name, "diff"), notes)) {
            return List.of();
        }
        Optional<Path> lower = volume.find(root, Path.of(DRIVER, name, "lower"));
        if (lower.isEmpty()) {
            return chain; // A layer without others below it has no such file.
        }
        String[] below = new String(volume.bytes(lower.orElseThrow(), MOST_LOWER), StandardCharsets.UTF_8)
                .strip()
                .split(":", MOST_LAYERS + 1);
        for (String link : below) {
            String[] parts = link.split("/", -1);
            if (chain.size() > MOST_LAYERS
                    || parts.length != 2
                    || !parts[0].equals("l")
                    || !NAME.matcher(parts[1]).matches()) {
                throw new DamagedException(Names.shown(lower.orElseThrow()) + " does not list layers as l/NAME");
            }
            add(chain, Path.of(DRIVER, "l", parts[1]), notes);
        }
        return chain;
    }

    private boolean add(List<Path> chain, Path layer, List<String> notes) throws IOException {
        Optional<Path> folder = volume.find(root, layer);
        if (folder.isEmpty()
                || volume.stat(folder.orElseThrow()).filter(Stat::directory).isEmpty()) {
            notes.add("the folder of its layer " + Names.shown(root.resolve(layer)) + " is not there");
            return false;
        }
        chain.add(folder.orElseThrow());
        return true;
    }

    /** The driver json-file writes {@code ID-json.log}, and rotates it to {@code .1} …; the driver local a folder of its own. */
    private List<Path> logs(String id, Path home) throws IOException {
        List<Path> logs = new ArrayList<>();
        for (Path name : volume.list(home, MOST_LOGS).names()) {
            if (name.toString().startsWith(id + "-json.log")) {
                logs.add(home.resolve(name));
            }
        }
        Path local = home.resolve("local-logs");
        if (volume.stat(local).filter(Stat::directory).isPresent()) {
            volume.list(local, MOST_LOGS).names().forEach(name -> logs.add(local.resolve(name)));
        }
        return logs;
    }
}
