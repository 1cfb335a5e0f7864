package io.kordon.kubernetes;

/** Of a connection, as the pod sees it. */
enum Direction {
    INGRESS("ingress"),
    EGRESS("egress");

    /** Name of the rules in policies of every kind. */
    final String field;

    Direction(String field) {
        this.field = field;
    }
}
