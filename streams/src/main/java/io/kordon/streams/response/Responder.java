package io.kordon.streams.response;

import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.StepState;
import io.kordon.streams.incident.StepStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Chooses playbooks. One command per incident and playbook, remembered on the incident itself. */
public final class Responder {
    private final List<Playbook> playbooks;

    public Responder(List<Playbook> playbooks) {
        this.playbooks = List.copyOf(playbooks);
    }

    /** The incident with its new commands on it, and those commands. */
    public record Response(Incident incident, List<Command> commands) {
        public Response {
            commands = List.copyOf(commands);
        }
    }

    /**
     * Issues the commands of all playbooks that apply now and did not before.
     *
     * @param now epoch microseconds, when the event that changed the incident was received
     */
    public Response respond(Incident incident, long now, Duration ttl) {
        Incident next = incident;
        List<Command> commands = new ArrayList<>();
        for (Playbook playbook : playbooks) {
            String id = Ids.command(incident.id(), playbook.name());
            if (!next.hasCommand(id) && applies(playbook, next)) {
                commands.add(command(id, next, playbook, now, ttl));
                next = next.commanded(pending(id, playbook), now);
            }
        }
        return new Response(next, commands);
    }

    /** By its own condition, or because a matched rule asks for it; its namespaces hold in either case. */
    private static boolean applies(Playbook playbook, Incident incident) {
        boolean asked = incident.findings().contributions().stream()
                .anyMatch(contribution -> playbook.name().equals(contribution.playbook()));
        return playbook.when().holds(incident) || (asked && playbook.when().covers(incident.subject()));
    }

    private static CommandState pending(String id, Playbook playbook) {
        List<StepState> steps = playbook.steps().stream()
                .map(step -> StepState.pending(step.action()))
                .toList();
        return new CommandState(id, playbook.name(), playbook.mode(), StepStatus.PENDING, "", steps);
    }

    private static Command command(String id, Incident incident, Playbook playbook, long now, Duration ttl) {
        return new Command(
                id,
                incident.id(),
                incident.key(),
                playbook.name(),
                playbook.mode(),
                incident.subject(),
                playbook.steps(),
                incident.title(),
                incident.severity(),
                incident.score(),
                incident.timeline().firstEvidenceAt(),
                now,
                now + ttl.toNanos() / 1_000);
    }
}
