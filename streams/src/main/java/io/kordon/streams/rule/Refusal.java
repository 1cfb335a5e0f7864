package io.kordon.streams.rule;

import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Why a part of a rule cannot be taken. Never leaves this package: {@link RuleParser} turns it into a {@link
 * RuleProblem}.
 */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Line and column inside the document, from 0. */
    private final int line;

    private final int column;

    private Refusal(int line, int column, String message) {
        super(message, null, false, false);
        this.line = line;
        this.column = column;
    }

    static Refusal at(int line, int column, String message) {
        return new Refusal(line, column, message);
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
                .map(mark -> new Refusal(mark.getLine(), mark.getColumn() + column, message))
                .orElseGet(() -> new Refusal(0, 0, message));
    }

    Place place(String origin, int firstLine) {
        return new Place(origin, firstLine + line, column + 1);
    }

    RuleProblem problem(String origin, int firstLine) {
        String reason = getMessage();
        return place(origin, firstLine).problem(reason == null ? "cannot be read" : reason);
    }
}
