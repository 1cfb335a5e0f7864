package io.kordon.streams.response;

import io.kordon.streams.incident.Approval;
import io.kordon.streams.incident.CommandState;
import io.kordon.streams.incident.Ids;
import io.kordon.streams.incident.Incident;
import io.kordon.streams.incident.Mode;
import io.kordon.streams.incident.Source;
import io.kordon.streams.incident.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses playbooks, the weakest first. One command per incident and playbook, remembered on the incident itself with all
 * that it would do; what may not run yet waits there, and is not sent.
 */
public final class Responder {
    private static final List<StepState> RELEASE = List.of(new Step(CommandState.RELEASE, Map.of()).pending());

    private final List<Playbook> playbooks;
    private final SourceLimits limits;

    public Responder(List<Playbook> playbooks, SourceLimits limits) {
        this.playbooks = playbooks.stream().sorted(Playbook.WEAKEST_FIRST).toList();
        this.limits = limits;
    }

    /** With the default limits of sources. */
    public Responder(List<Playbook> playbooks) {
        this(playbooks, SourceLimits.DEFAULT);
    }

    /** The incident with its new commands on it, and those that are to be run now. */
    public record Response(Incident incident, List<Command> commands) {
        public Response {
            commands = List.copyOf(commands);
        }
    }

    /**
     * When commands are issued.
     *
     * @param at epoch microseconds, when the event that changed the incident was received
     * @param ttl how long they may wait for the actuator
     * @param sources streams that the incident's evidence came from
     */
    public record Issue(long at, Duration ttl, Set<Source> sources) {
        public Issue {
            sources = Set.copyOf(sources);
        }
    }

    /**
     * Issues the commands of all playbooks that apply now and did not before, and those that waited for evidence of another
     * source which is there now.
     */
    public Response respond(Incident incident, Issue issue) {
        Incident next = incident;
        List<Command> commands = new ArrayList<>();
        for (CommandState state : incident.commands()) {
            if (state.isHeldForSources()) {
                String objection = objection(state.steps(), issue);
                next = objection == null
                        ? issue(next, state.id(), null, issue, commands)
                        : next.held(state.id(), objection);
            }
        }
        for (Playbook playbook : applicable(next)) {
            next = choose(next, playbook, issue, commands);
        }
        return new Response(next, commands);
    }

    /** Those that apply now and did not before; of more than the incident has room for, the strongest. */
    private List<Playbook> applicable(Incident incident) {
        List<Playbook> all = playbooks.stream()
                .filter(playbook -> !incident.hasCommand(Ids.command(incident.id(), playbook.name())))
                .filter(playbook -> applies(playbook, incident))
                .toList();
        int room = Math.max(0, incident.room());
        return all.subList(Math.max(0, all.size() - room), all.size());
    }

    private Incident choose(Incident incident, Playbook playbook, Issue issue, List<Command> commands) {
        String id = Ids.command(incident.id(), playbook.name());
        List<StepState> steps = playbook.steps().stream().map(Step::pending).toList();
        long releaseAfter = playbook.releaseAfter().toMillis();
        String held = hold(playbook, steps, issue);
        if (held != null) {
            return incident.commanded(
                    CommandState.waiting(id, playbook.name(), playbook.mode(), steps, releaseAfter, held));
        }
        CommandState state =
                CommandState.issued(id, playbook.name(), playbook.mode(), steps, releaseAfter, "", issue.at());
        commands.add(Command.of(incident, state, incident.title(), issue.sources(), issue.at(), issue.ttl()));
        return incident.commanded(state);
    }

    /** What keeps a playbook from running at once; a dry run touches nothing and needs no leave. */
    private @Nullable String hold(Playbook playbook, List<StepState> steps, Issue issue) {
        return switch (playbook.mode()) {
            case AUTOMATIC -> objection(steps, issue);
            case APPROVAL -> "the playbook asks for an approval";
            case DRY_RUN -> null;
        };
    }

    private @Nullable String objection(List<StepState> steps, Issue issue) {
        return limits.objection(steps.stream().map(StepState::action).toList(), issue.sources());
    }

    /** Issues what waits as it stands on the incident: the command of that id, or all where it is null. */
    public Response approve(Incident incident, @Nullable String commandId, Approval approval, Issue issue) {
        Incident next = incident;
        List<Command> commands = new ArrayList<>();
        for (CommandState state : incident.waiting(commandId)) {
            next = issue(next, state.id(), approval, issue, commands);
        }
        return new Response(next, commands);
    }

    private static Incident issue(
            Incident incident, String commandId, @Nullable Approval approval, Issue issue, List<Command> commands) {
        Incident next = incident.issued(commandId, approval, issue.at());
        next.commands().stream()
                .filter(state -> state.id().equals(commandId))
                .forEach(state ->
                        commands.add(Command.of(next, state, next.title(), issue.sources(), issue.at(), issue.ttl())));
        return next;
    }

    /**
     * Issues the command that undoes what the incident's others did.
     *
     * @param cause the decision, or the command whose time is over: part of the id
     * @param why for a reader
     */
    public Response release(Incident incident, String cause, String why, Issue issue) {
        CommandState state = CommandState.issued(
                Ids.release(incident.id(), cause), CommandState.RELEASE, Mode.AUTOMATIC, RELEASE, 0, why, issue.at());
        Command command = Command.of(incident, state, why, issue.sources(), issue.at(), issue.ttl());
        return new Response(incident.commanded(state), List.of(command));
    }

    /** By its own condition, or because a matched rule asks for it; where it applies holds in either case. */
    private static boolean applies(Playbook playbook, Incident incident) {
        boolean asked = incident.findings().contributions().stream()
                .anyMatch(contribution -> playbook.name().equals(contribution.playbook()));
        return playbook.when().holds(incident) || (asked && playbook.when().covers(incident));
    }
}
