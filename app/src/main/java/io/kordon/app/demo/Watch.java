package io.kordon.app.demo;

import io.kordon.app.incidents.IncidentReport;
import io.kordon.app.lifecycle.Stop;
import io.kordon.app.terminal.PlainJson;
import io.kordon.avro.Incident;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows incidents as they grow, and says of the example's how it ended. */
final class Watch {
    private static final Duration CHECK_EVERY = Duration.ofSeconds(1);

    private final IncidentFollower follower;
    private final Stop stop;
    private final Progress progress;
    private final @Nullable PrintWriter json;

    /** @param json where the final incident is printed as JSON; null for nowhere */
    Watch(IncidentFollower follower, Stop stop, Progress progress, @Nullable PrintWriter json) {
        this.follower = follower;
        this.stop = stop;
        this.progress = progress;
        this.json = json;
    }

    /** Shows what came since the last look, after a short wait for it. */
    void look() {
        follower.poll(this::show);
    }

    /**
     * Looks until all is as it must be, the process is asked to stop, or the time is up.
     *
     * @return whether all is as it must be; what is missing otherwise has been said
     */
    boolean until(Outcome outcome, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        long next = System.nanoTime();
        List<String> missing = List.of("an incident");
        while (!missing.isEmpty() && !stop.asked() && System.nanoTime() - deadline < 0) {
            look();
            if (System.nanoTime() - next > 0 && !follower.latest().isEmpty()) {
                missing = outcome.missing(follower.latest());
                next = System.nanoTime() + CHECK_EVERY.toNanos();
            }
        }
        outcome.incident(follower.latest()).ifPresent(this::conclude);
        if (missing.isEmpty()) {
            outcome.replacements()
                    .forEach(name -> progress.say("pod " + name + " serves in the place of the contained one"));
            progress.say("everything is as it must be: " + outcome.parts());
            return true;
        }
        progress.say(
                stop.asked() ? "stopped before the end; still missing:" : "missing after " + limit.toSeconds() + " s:");
        missing.forEach(what -> progress.detail("- " + what));
        return false;
    }

    private void conclude(Incident incident) {
        progress.say("phases of incident " + incident.getId() + ":");
        IncidentReport.phases(incident.getTimeline()).forEach(progress::detail);
        if (json != null) {
            json.println(PlainJson.of(incident));
            json.flush();
        }
    }

    private void show(@Nullable Incident before, Incident now) {
        List<String> lines = new ArrayList<>(IncidentReport.growth(before, now));
        progress.say(
                "incident " + now.getId().substring(0, Math.min(12, now.getId().length())) + "  " + lines.remove(0));
        lines.forEach(progress::detail);
    }
}
