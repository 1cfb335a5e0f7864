package io.kordon.app.evidence;

import io.kordon.app.config.Settings;
import io.kordon.app.incidents.Attachment;
import io.kordon.app.process.SettingsOptions;
import io.kordon.app.records.Connection;
import io.kordon.app.terminal.DurationOption;
import io.kordon.app.terminal.PrintableText;
import io.kordon.app.terminal.Screen;
import io.kordon.avro.Decision;
import io.kordon.avro.EntityKind;
import io.kordon.avro.EvidenceBundle;
import io.kordon.avro.Incident;
import io.kordon.evidence.inspect.Bounds;
import io.kordon.evidence.inspect.Indicators;
import io.kordon.evidence.inspect.Inspection;
import io.kordon.evidence.inspect.Report;
import io.kordon.evidence.inspect.ReportJson;
import io.kordon.evidence.inspect.ReportText;
import io.kordon.evidence.inspect.Selection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks at a node's volume that is mounted somewhere, and adds what it finds to an incident. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Read the volume of a node that is mounted somewhere, read-only: containers of containerd and Docker, their"
                    + " logs, what they changed against their images, and what of it is on a list of indicators.",
            "Nothing is written below the root, and no link is followed out of it."
        },
        footer = {
            "",
            "Exit codes: 0 all was looked at, whatever was found; 1 failed, or not all could be looked at (the report"
                    + " says what); 2 used or configured wrongly."
        })
final class EvidenceInspectCommand implements Callable<Integer> {
    private static final int LONGEST_NAME = 256;

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    @Option(names = "--root", required = true, paramLabel = "PATH", description = "Where the node's root is mounted.")
    private Path root = Path.of("");

    @Option(names = "--pod", paramLabel = "NAMESPACE/NAME", description = "Only containers of this pod.")
    private @Nullable String pod;

    @Option(names = "--uid", paramLabel = "UID", description = "Only containers of the pod with this UID.")
    private @Nullable String uid;

    @Option(names = "--container", paramLabel = "ID", description = "Only this container; 8 characters are enough.")
    private @Nullable String container;

    @Option(
            names = "--indicators",
            paramLabel = "FILE",
            description = "What to look for: lines of sha256sum, `path: PATTERN`, `name: PATTERN`, `# comment`.")
    private @Nullable Path indicators;

    @Option(names = "--containerd", paramLabel = "PATH", description = "Where containerd's data is, from the root.")
    private @Nullable String containerd;

    @Option(names = "--docker", paramLabel = "PATH", description = "Where Docker's data is, from the root.")
    private @Nullable String docker;

    @Option(names = "--max-entries", paramLabel = "N", description = "Most names looked at. Default: 500000.")
    private int maxEntries = Bounds.DEFAULT.entries();

    @Option(
            names = "--max-hash-bytes",
            paramLabel = "N",
            description = "Largest file that is hashed. Default: 536870912.")
    private long maxHashBytes = Bounds.DEFAULT.hashBytes();

    @Option(
            names = "--time-limit",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "Longest time for looking. Default: 1h.")
    private Duration timeLimit = Bounds.DEFAULT.time();

    @Option(names = "--json", description = "The whole report as JSON.")
    private boolean json;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write the report there: a new file, not below the root.")
    private @Nullable Path output;

    @Option(
            names = "--incident",
            paramLabel = "ID",
            description =
                    "Add the findings to this incident, and the report to its bundles where kordon.evidence.store is"
                            + " set. Without --pod, --uid or --container, only its pod is looked at.")
    private @Nullable String incident;

    @Option(names = "--by", paramLabel = "NAME", description = "Who inspects. Default: the variable USER.")
    private @Nullable String by;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = DurationOption.class,
            description = "Longest wait for the incident to show the findings. Default: 10s.")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(names = "--no-wait", description = "Do not wait for the incident to show the findings.")
    private boolean noWait;

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(spec.commandLine().getOut()::println);
            return 0;
        }
        try {
            checkPlaces();
            String list = indicators == null ? "" : text(indicators);
            Indicators looked = indicators == null ? Indicators.NONE : Indicators.parse(indicators.toString(), list);
            Selection selection = Selection.of(pod, uid, container);
            return incident == null ? finish(inspect(selection, looked)) : attach(settings, selection, looked, list);
        } catch (IOException e) {
            remark(e instanceof java.nio.file.FileSystemException ? e.toString() : String.valueOf(e.getMessage()));
            return 1;
        } finally {
            spec.commandLine().getOut().flush();
        }
    }

    private int attach(Settings settings, Selection selection, Indicators looked, String list)
            throws IOException, InterruptedException {
        String who = by();
        try (Attachment attachment = Attachment.open(Connection.of(settings))) {
            Incident found = attachment.incident(String.valueOf(incident)).orElse(null);
            if (found == null) {
                remark("there is no incident " + incident);
                return 1;
            }
            Report report = inspect(selection.equals(Selection.ALL) ? selection(found) : selection, looked);
            int code = finish(report);
            EvidenceBundle bundle = bundle(settings, found, report, list).orElse(null);
            Decision decision =
                    attachment.attach(found, who, reason(report), bundle, FindingRecords.worst(report.findings()));
            remark("decision " + decision.getId() + " adds "
                    + decision.getFindings().size() + " findings to " + found.getId()
                    + (bundle == null ? "" : "; the report is at " + bundle.getLocation()));
            if (noWait) {
                return code;
            }
            Incident taken = attachment.taken(decision, timeout).orElse(null);
            if (taken == null) {
                remark("no revision of " + found.getId() + " shows the findings after " + timeout.toMillis() / 1e3
                        + " s: `kordon streams` has not read them yet");
                return 1;
            }
            remark("revision " + taken.getRevision() + " of " + taken.getId() + " shows them");
            return code;
        }
    }

    /** The pod that an incident is about; all, if it is about something else. */
    private static Selection selection(Incident incident) {
        return incident.getEntity().getKind() == EntityKind.POD
                ? new Selection(
                        incident.getEntity().getNamespace(),
                        incident.getEntity().getName(),
                        incident.getEntity().getUid(),
                        null)
                : Selection.ALL;
    }

    private static String reason(Report report) {
        int left = Math.max(0, report.findings().size() - FindingRecords.MOST);
        return "inspection of " + report.root() + ": " + report.containers().size() + " containers, "
                + report.findings().size() + " findings"
                + (left == 0 ? "" : ", the " + FindingRecords.MOST + " worst of them here")
                + (report.complete() ? "" : "; not all could be looked at");
    }

    private Optional<EvidenceBundle> bundle(Settings settings, Incident found, Report report, String list)
            throws IOException {
        try (ConfiguredBundles store =
                ConfiguredBundles.open(settings, InspectionBundle.ORIGIN).orElse(null)) {
            if (store == null) {
                return Optional.empty();
            }
            String place = store.location();
            if (place.startsWith("file:") && Path.of(URI.create(place)).startsWith(root.toRealPath())) {
                throw new IOException("the evidence store " + place + " is below --root, where nothing is written");
            }
            return Optional.of(new InspectionBundle(report.root(), json(report), list, report.notes())
                    .seal(store.bundles(), found.getEntity().getCluster(), found.getId()));
        }
    }

    private Report inspect(Selection selection, Indicators looked) throws IOException {
        Bounds defaults = Bounds.DEFAULT;
        Bounds bounds = new Bounds(
                maxEntries,
                defaults.depth(),
                defaults.containers(),
                maxHashBytes,
                defaults.totalHashBytes(),
                defaults.databaseBytes(),
                timeLimit);
        return Inspection.run(
                new Inspection.Request(root, selection, looked, containerd, docker, bounds), Clock.systemUTC());
    }

    private int finish(Report report) throws IOException {
        if (output != null) {
            Files.write(
                    output,
                    json ? json(report) : lines(report),
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
            remark("the report is in " + output);
        } else if (json) {
            spec.commandLine().getOut().println(new String(json(report), StandardCharsets.US_ASCII));
        } else {
            Screen screen = new Screen(spec.commandLine().getOut());
            ReportText.write(report, screen::line);
        }
        if (!report.complete()) {
            remark("not all could be looked at: " + report.notes().get(0)
                    + (report.notes().size() == 1
                            ? ""
                            : " (and " + (report.notes().size() - 1) + " more)"));
        }
        return report.complete() ? 0 : 1;
    }

    private static byte[] json(Report report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ReportJson.write(report, bytes);
        return bytes.toByteArray();
    }

    private static byte[] lines(Report report) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ReportText.write(
                report, line -> bytes.writeBytes((PrintableText.of(line) + "\n").getBytes(StandardCharsets.UTF_8)));
        return bytes.toByteArray();
    }

    /** Nothing may be written below the root: not the report, and not what a store puts aside on its way. */
    private void checkPlaces() throws IOException {
        if (!Files.isDirectory(root)) {
            throw wrong("--root " + root + " is no folder");
        }
        Path real = root.toRealPath();
        if (real.getNameCount() == 0) {
            throw wrong("--root " + root + " is this system's own root: mount the node's volume elsewhere, read-only");
        }
        if (output != null) {
            Path folder = output.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw wrong("--output " + output + " is not in a folder that exists");
            }
            if (folder.toRealPath().startsWith(real)) {
                throw wrong("--output " + output + " is below --root, where nothing is written");
            }
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
        if (incident != null
                && Files.isDirectory(temporary)
                && temporary.toRealPath().startsWith(real)) {
            throw wrong("the folder for temporary files, " + temporary + ", is below --root, where nothing is written");
        }
        if (incident != null) {
            String who = by();
            if (who.isBlank() || who.length() > LONGEST_NAME || who.chars().anyMatch(Character::isISOControl)) {
                throw wrong("the name (--by, or the variable USER) must be 1 to " + LONGEST_NAME
                        + " characters on one line");
            }
        }
    }

    private String by() {
        return by != null ? by : System.getenv().getOrDefault("USER", System.getProperty("user.name", ""));
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > Indicators.MOST_BYTES) {
            throw new IllegalArgumentException(file + " has more than " + Indicators.MOST_BYTES + " bytes");
        }
        return Files.readString(file);
    }

    private ParameterException wrong(String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }

    private void remark(String text) {
        new Screen(spec.commandLine().getErr()).line(spec.qualifiedName() + ": " + text);
        spec.commandLine().getErr().flush();
    }
}
