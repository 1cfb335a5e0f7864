package io.kordon.streams.rule;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Why a part of a rule cannot be taken. Never leaves this package: {@link RuleParser} turns it into a {@link
 * RuleProblem}.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Line of the file, from 1. */
    private final int line;

    /** Column of the line, from 0. */
    private final int column;

    private Refusal(int line, int column, String message) {
        super(message, null, false, false);
        this.line = line;
        this.column = column;
    }

    static Refusal at(int line, int column, String message) {
        return new Refusal(line, column, message);
    }

    static Refusal at(Mark mark, String message) {
        return new Refusal(YamlDocument.line(mark), mark.getColumn(), message);
    }

    static Refusal at(Node node, String message) {
        return at(node, 0, message);
    }

    /** At a character inside a scalar, as far as its style lets that be known; else where the scalar begins. */
    static Refusal at(Node node, int offset, String message) {
        int shift = 0;
        if (node.getNodeType() == NodeType.SCALAR && offset > 0) {
            shift = switch (((ScalarNode) node).getScalarStyle()) {
                case PLAIN -> offset;
                case SINGLE_QUOTED, DOUBLE_QUOTED -> offset + 1;
                default -> 0;
            };
            boolean oneLine = node.getEndMark()
                    .map(mark -> mark.getLine())
                    .equals(node.getStartMark().map(mark -> mark.getLine()));
            shift = oneLine ? shift : 0;
        }
        int column = shift;
        return node.getStartMark()
                .map(mark -> new Refusal(YamlDocument.line(mark), mark.getColumn() + column, message))
                .orElseGet(() -> new Refusal(1, 0, message));
    }

    Place place(String origin) {
        return new Place(origin, line, column + 1);
    }

    RuleProblem problem(String origin) {
        String reason = getMessage();
        return place(origin).problem(reason == null ? "cannot be read" : reason);
    }
}
