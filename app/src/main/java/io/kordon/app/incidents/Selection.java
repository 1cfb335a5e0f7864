package io.kordon.app.incidents;

import io.kordon.app.config.Setting;
import io.kordon.avro.Incident;
import io.kordon.avro.IncidentStatus;
import io.kordon.avro.Level;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which incidents are meant. */
final class Selection {
    @Option(names = "--open", description = "Those that are neither closed nor dismissed. This is the default.")
    private boolean open;

    @Option(names = "--all", description = "Closed and dismissed ones, too.")
    private boolean all;

    @Option(
            names = "--severity",
            paramLabel = "LEVEL",
            converter = LevelOption.class,
            description = "Those of this severity or a higher one: informational, low, medium, high, critical.")
    private Level least = Level.UNKNOWN;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            converter = StatusOption.class,
            description = "Those of this status, as AWAITING_APPROVAL, CONTAINMENT_FAILED or CLOSED. May be repeated.")
    private Set<IncidentStatus> statuses = new LinkedHashSet<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Those in this Kubernetes namespace. May be repeated.")
    private Set<String> namespaces = new LinkedHashSet<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = SinceOption.class,
            description = "Those with evidence since then: a time back from now, as 2h or 7d, or a moment, as"
                    + " 2026-11-24T10:00:00Z.")
    private @Nullable Instant since;

    /** What contradicts itself; empty if nothing does. */
    String problem() {
        return open && all ? "--open and --all contradict each other" : "";
    }

    boolean matches(Incident incident) {
        return asked(incident)
                && incident.getSeverity().compareTo(least) >= 0
                && (namespaces.isEmpty()
                        || namespaces.contains(incident.getEntity().getNamespace()))
                && (since == null || !incident.getTimeline().getLastEvidenceAt().isBefore(since));
    }

    /** A status that was asked for is meant though its incidents have ended. */
    private boolean asked(Incident incident) {
        return statuses.isEmpty() ? all || !ended(incident) : statuses.contains(incident.getStatus());
    }

    /** Closed or dismissed. */
    static boolean ended(Incident incident) {
        return incident.getStatus() == IncidentStatus.CLOSED || incident.getStatus() == IncidentStatus.DISMISSED;
    }

    static final class LevelOption implements ITypeConverter<Level> {
        @Override
        public Level convert(String text) {
            for (Level level : Level.values()) {
                if (level != Level.UNKNOWN && level.name().equalsIgnoreCase(text)) {
                    return level;
                }
            }
            throw new TypeConversionException("'" + text + "' is none of informational, low, medium, high, critical");
        }
    }

    static final class StatusOption implements ITypeConverter<IncidentStatus> {
        @Override
        public IncidentStatus convert(String text) {
            for (IncidentStatus status : IncidentStatus.values()) {
                if (status != IncidentStatus.UNKNOWN && status.name().equalsIgnoreCase(text.replace('-', '_'))) {
                    return status;
                }
            }
            throw new TypeConversionException("'" + text + "' is none of "
                    + Stream.of(IncidentStatus.values())
                            .filter(status -> status != IncidentStatus.UNKNOWN)
                            .map(Enum::name)
                            .collect(Collectors.joining(", ")));
        }
    }

    static final class SinceOption implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return Character.isDigit(text.charAt(0)) && text.indexOf('-') > 0
                        ? Instant.parse(text)
                        : Instant.now().minus(Setting.duration(text));
            } catch (IndexOutOfBoundsException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
                throw new TypeConversionException(
                        "'" + text + "' is neither a time back, as 2h or 7d, nor a moment, as 2026-11-24T10:00:00Z");
            }
        }
    }
}
