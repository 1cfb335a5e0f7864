package io.kordon.app.playbooks;

import io.kordon.app.published.ApplyPlan;
import io.kordon.app.published.PublishedDocuments;
import io.kordon.avro.Rule;
import io.kordon.streams.response.PlaybookFiles;
import io.kordon.streams.rule.RuleDocument;
import io.kordon.streams.rule.YamlDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What publishing some files would do to the topic of playbooks. */
final class PlaybookPlan {
    private PlaybookPlan() {}

    static ApplyPlan of(PlaybookFiles.Read files, Map<String, Rule> topic, boolean prune) {
        List<RuleDocument> publish = new ArrayList<>();
        List<RuleDocument> unchanged = new ArrayList<>();
        for (RuleDocument document : files.documents()) {
            boolean same = document.version().equals(version(topic.get(document.id())));
            (same ? unchanged : publish).add(document);
        }
        Set<String> names = files.documents().stream().map(RuleDocument::id).collect(Collectors.toSet());
        List<String> switchOff = topic.entrySet().stream()
                .filter(entry -> prune && !names.contains(entry.getKey()) && !PublishedDocuments.off(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new ApplyPlan(files.problems(), publish, unchanged, List.of(), switchOff, List.of());
    }

    /** By the document itself: the version in the record is only what its publisher said. */
    private static String version(@Nullable Rule published) {
        return published == null || PublishedDocuments.off(published)
                ? ""
                : YamlDocument.version(published.getDocument());
    }
}
