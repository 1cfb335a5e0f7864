package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rules from disk, and what was published since under their ids: another document in place of one, a document of a new
 * rule, or that a rule is switched off. Says which rules are in force. A document that cannot be used is refused, and what
 * was in force under its id stays, be it published or from disk. Not for several threads.
 */
public final class RuleLedger {
    /** More published rules than anybody keeps; more would only fill the memory. */
    static final int MOST = 20_000;

    private static final int LONGEST_ID = 512;
    private static final int LONGEST_ORIGIN = 512;

    private final RuleParser parser;
    private final ParsedRules disk;
    private final Map<String, Rule> diskById = new HashMap<>();
    private final Map<String, Entry> published = new TreeMap<>();
    private boolean changed = true;

    /**
     * A ledger in which nothing is published yet.
     *
     * @param parser for what is published
     */
    public RuleLedger(ParsedRules disk, RuleParser parser) {
        this.parser = parser;
        this.disk = disk;
        disk.rules().forEach(rule -> diskById.putIfAbsent(rule.id(), rule));
    }

    /** Why a published document is not in force; a filter may be in force for those rules that it rightly names. */
    public record Refusal(String id, RuleProblem problem) {}

    /**
     * What is in force.
     *
     * @param refused published documents that can be read but not be used with the others, each with its first problem
     */
    public record Resolution(RuleSet rules, List<Refusal> refused) {
        public Resolution {
            refused = List.copyOf(refused);
        }
    }

    /**
     * What was published last under an id.
     *
     * @param wanted the rule, or null where it is switched off
     * @param good the last one under this id that could be used, or null
     */
    private record Entry(@Nullable Rule wanted, @Nullable Rule good) {}

    /**
     * Takes a published document; an empty one switches the rule off.
     *
     * @param id under which it was published
     * @param origin where its publisher had it from, for problems
     * @return why it is refused; empty if it can be read
     */
    public Optional<Refusal> publish(String id, String origin, String document) {
        if (id.isBlank() || id.length() > LONGEST_ID) {
            return Optional.of(refusal(id, origin, "an id has 1 to " + LONGEST_ID + " characters"));
        }
        Entry before = published.get(id);
        if (before == null && published.size() >= MOST) {
            return Optional.of(refusal(id, origin, "more than " + MOST + " rules are published"));
        }
        if (document.isBlank()) {
            put(id, new Entry(null, null));
            return Optional.empty();
        }
        ParsedRules parsed = parser.parse(place(id, origin), document);
        if (!parsed.problems().isEmpty()) {
            return Optional.of(new Refusal(id, parsed.problems().get(0)));
        }
        if (parsed.rules().size() != 1) {
            return Optional.of(refusal(id, origin, "it holds " + parsed.rules().size() + " rules, not one"));
        }
        Rule rule = parsed.rules().get(0);
        if (!rule.id().equals(id)) {
            return Optional.of(refusal(id, origin, "the rule in it has another id: '" + shown(rule.id()) + "'"));
        }
        put(id, new Entry(rule, before == null ? diskById.get(id) : before.good()));
        return Optional.empty();
    }

    /** Forgets what was published under an id: the rule from disk is back, if there is one. */
    public void forget(String id) {
        changed |= published.remove(id) != null;
    }

    /** Whether another rule, or another version of one, may be in force than at the last {@link #resolve()}. */
    public boolean changed() {
        return changed;
    }

    /**
     * The rules in force: of each id the last published document, else the one from disk. A document that names rules which
     * are not there gives way to the last one under its id that could be used, until they are.
     */
    public Resolution resolve() {
        Map<String, Rule> chosen = new TreeMap<>();
        published.forEach((id, entry) -> {
            if (entry.wanted() != null) {
                chosen.put(id, entry.wanted());
            }
        });
        Map<String, Refusal> refused = new TreeMap<>();
        RuleSet rules = together(chosen);
        // One that gives way may take with it what refers to it: at most once for each rule, as nothing is tried again.
        while (giveWay(rules, chosen, refused)) {
            rules = together(chosen);
        }
        Map<String, RuleProblem> problems = problems(rules);
        chosen.forEach((id, rule) -> {
            Entry entry = Objects.requireNonNull(published.get(id));
            RuleProblem problem = problems.get(rule.head().place().origin());
            if (problem != null) {
                refused.putIfAbsent(id, new Refusal(id, problem));
            } else if (rule.version().equals(version(entry))) {
                published.put(id, new Entry(rule, rule));
            }
        });
        changed = false;
        return new Resolution(rules, List.copyOf(refused.values()));
    }

    /** Puts the last good rule in place of each that cannot be used. Returns whether there was any. */
    private boolean giveWay(RuleSet rules, Map<String, Rule> chosen, Map<String, Refusal> refused) {
        Map<String, RuleProblem> problems = problems(rules);
        boolean any = false;
        for (Map.Entry<String, Rule> choice : chosen.entrySet()) {
            Rule good = Objects.requireNonNull(published.get(choice.getKey())).good();
            RuleProblem problem = problems.get(choice.getValue().head().place().origin());
            if (problem != null
                    && good != null
                    && !good.version().equals(choice.getValue().version())
                    && !refused.containsKey(choice.getKey())) {
                refused.put(choice.getKey(), new Refusal(choice.getKey(), problem));
                choice.setValue(good);
                any = true;
            }
        }
        return any;
    }

    private RuleSet together(Map<String, Rule> chosen) {
        List<Rule> all = new ArrayList<>();
        for (Rule rule : disk.rules()) {
            if (!published.containsKey(rule.id())) {
                all.add(rule);
            }
        }
        all.addAll(chosen.values());
        return RuleSet.of(all, disk.problems());
    }

    /** The first problem of each published document: its origin is its own. */
    private static Map<String, RuleProblem> problems(RuleSet rules) {
        Map<String, RuleProblem> problems = new HashMap<>();
        rules.problems().forEach(problem -> problems.putIfAbsent(problem.origin(), problem));
        return problems;
    }

    private void put(String id, Entry entry) {
        Entry before = published.put(id, entry);
        changed |= before == null || !version(before).equals(version(entry));
    }

    private static String version(Entry entry) {
        return entry.wanted() == null ? "" : entry.wanted().version();
    }

    private static Refusal refusal(String id, String origin, String reason) {
        return new Refusal(shown(id), new RuleProblem(place(id, origin), 1, 1, reason));
    }

    /** How problems call a published document; no two ids give the same. */
    private static String place(String id, String origin) {
        return "published rule " + shown(id) + (origin.isEmpty() ? "" : " (" + cut(origin, LONGEST_ORIGIN) + ")");
    }

    private static String shown(String id) {
        return cut(id, LONGEST_ID);
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
