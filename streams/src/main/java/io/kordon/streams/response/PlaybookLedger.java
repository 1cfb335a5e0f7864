package io.kordon.streams.response;

import io.kordon.streams.rule.RuleLedger.Refusal;
import io.kordon.streams.rule.RuleProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Playbooks from disk, and what was published since under their names: another document in place of one, a new one, or that
 * one is switched off. A document that cannot be used is refused, and what was in force under its name stays. Not for
 * several threads.
 */
public final class PlaybookLedger {
    /** More playbooks than anybody keeps: each is asked about at every change of every incident. */
    static final int MOST = 500;

    private static final int LONGEST_NAME = 512;
    private static final int LONGEST_ORIGIN = 512;

    /** The longest document, in characters; one of every step and parameter has a hundredth of it. */
    private static final int LONGEST_DOCUMENT = 1 << 18;

    private final List<Playbook> disk;
    private final PlaybookParser parser;

    /** By name; empty where it is switched off. */
    private final Map<String, Optional<Playbook>> published = new TreeMap<>();

    private boolean changed = true;

    /** @param parser for what is published */
    public PlaybookLedger(List<Playbook> disk, PlaybookParser parser) {
        this.disk = List.copyOf(disk);
        this.parser = parser;
    }

    /**
     * Takes a published document; an empty one switches the playbook off.
     *
     * @param name under which it was published
     * @param origin where its publisher had it from, for problems
     * @return why it is refused; empty if it is taken
     */
    public Optional<Refusal> publish(String name, String origin, String document) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            return Optional.of(refusal(name, origin, "a name has 1 to " + LONGEST_NAME + " characters"));
        }
        if (!published.containsKey(name) && published.size() >= MOST) {
            return Optional.of(refusal(name, origin, "more than " + MOST + " playbooks are published"));
        }
        if (document.isBlank()) {
            put(name, Optional.empty());
            return Optional.empty();
        }
        if (document.length() > LONGEST_DOCUMENT) {
            return Optional.of(
                    refusal(name, origin, "the document is longer than " + LONGEST_DOCUMENT + " characters"));
        }
        PlaybookParser.Parsed parsed = parser.parse(place(name, origin), document);
        if (!parsed.problems().isEmpty()) {
            return Optional.of(
                    new Refusal(cut(name, LONGEST_NAME), parsed.problems().get(0)));
        }
        if (parsed.playbooks().size() != 1) {
            return Optional.of(
                    refusal(name, origin, "it holds " + parsed.playbooks().size() + " playbooks, not one"));
        }
        Playbook playbook = parsed.playbooks().get(0);
        if (!playbook.name().equals(name)) {
            return Optional.of(refusal(
                    name, origin, "the playbook in it has another name: '" + cut(playbook.name(), LONGEST_NAME) + "'"));
        }
        put(name, Optional.of(playbook));
        return Optional.empty();
    }

    /** Forgets what was published under a name: the playbook from disk is back, if there is one. */
    public void forget(String name) {
        changed |= published.remove(name) != null;
    }

    /** Whether other playbooks may be in force than at the last {@link #inForce()}. */
    public boolean changed() {
        return changed;
    }

    /**
     * The playbooks in force: those from disk in their order, each with what was published in its place, then those that
     * are only published, by name. The order is that in which they issue commands, the same on every instance.
     */
    public List<Playbook> inForce() {
        List<Playbook> all = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        for (Playbook playbook : disk) {
            Optional<Playbook> instead = published.get(playbook.name());
            if (instead == null) {
                all.add(playbook);
            } else if (placed.add(playbook.name())) {
                instead.ifPresent(all::add);
            }
        }
        published.forEach((name, playbook) -> {
            if (!placed.contains(name)) {
                playbook.ifPresent(all::add);
            }
        });
        changed = false;
        return List.copyOf(all);
    }

    private void put(String name, Optional<Playbook> playbook) {
        Optional<Playbook> before = published.put(name, playbook);
        changed |= !playbook.equals(before);
    }

    private static Refusal refusal(String name, String origin, String reason) {
        return new Refusal(cut(name, LONGEST_NAME), new RuleProblem(place(name, origin), 1, 1, reason));
    }

    /** How problems call a published document. */
    private static String place(String name, String origin) {
        return "published playbook " + cut(name, LONGEST_NAME)
                + (origin.isEmpty() ? "" : " (" + cut(origin, LONGEST_ORIGIN) + ")");
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
