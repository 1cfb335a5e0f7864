package io.kordon.app.rules;

import io.kordon.streams.rule.RuleProblem;
import java.io.PrintWriter;
import java.util.List;

/** What could not be used, for a reader: every rule, and of the lines the first ones. */
final class Complaints {
    /** A file of another format has as many bad lines as it has lines. */
    private static final int MOST_LINES = 20;

    private static final int LONGEST = 500;

    private final PrintWriter err;
    private final String events;
    private long lines;
    private long rules;
    private long others;

    /** @param events how the events' file is called */
    Complaints(PrintWriter err, String events) {
        this.err = err;
        this.events = events;
    }

    void rules(List<RuleProblem> problems) {
        problems.forEach(problem -> err.println(Printable.of(problem.toString(), LONGEST)));
        rules += problems.size();
    }

    void line(long number, String reason) {
        if (++lines <= MOST_LINES) {
            err.println(events + ":" + number + ": " + Printable.of(reason, LONGEST));
        }
    }

    /** Something else that makes the answer incomplete. */
    void other(String reason) {
        err.println(events + ": " + reason);
        others++;
    }

    /** Says how many lines were left out above. */
    void end() {
        if (lines > MOST_LINES) {
            err.println(events + ": " + (lines - MOST_LINES) + " more lines could not be used");
        }
        err.flush();
    }

    /** Lines that could not be used. */
    long lines() {
        return lines;
    }

    boolean none() {
        return lines == 0 && rules == 0 && others == 0;
    }
}
