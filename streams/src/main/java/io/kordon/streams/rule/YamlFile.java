package io.kordon.streams.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** A YAML file cut into its documents, bounded as rule files are; for what is written beside rules, as playbooks. */
public final class YamlFile {
    private YamlFile() {}

    /**
     * One document.
     *
     * @param text as written, without the marker that opens it
     * @param node what it holds; null where it is not YAML
     * @param problem why it is not; null where it is
     */
    public record Document(
            String text, @Nullable Node node, @Nullable RuleProblem problem) {}

    /**
     * Reads every document; broken YAML in one costs the others nothing.
     *
     * @param origin file name, for messages
     */
    public static List<Document> read(String origin, String yaml) {
        List<Document> documents = new ArrayList<>();
        for (YamlDocument document : YamlDocument.split(yaml)) {
            try {
                documents.add(new Document(document.body(), document.compose(), null));
            } catch (Refusal e) {
                documents.add(new Document(document.body(), null, e.problem(origin)));
            }
        }
        return documents;
    }

    /** A problem at the place of a node that {@link #read} gave. */
    public static RuleProblem problem(String origin, Node node, String reason) {
        Optional<Mark> mark = node.getStartMark();
        return new RuleProblem(
                origin,
                mark.map(YamlDocument::line).orElse(1),
                mark.map(at -> at.getColumn() + 1).orElse(1),
                reason);
    }
}
