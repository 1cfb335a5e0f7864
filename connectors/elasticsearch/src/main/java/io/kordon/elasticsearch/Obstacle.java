package io.kordon.elasticsearch;

/** What keeps records from being written, for now. */
record Obstacle(Kind kind, String reason) {
    /** By whom, and for what; the names end up in those of metrics. */
    enum Kind {
        NO_ANSWER,
        BUSY,
        DENIED,
        BLOCKED,
        SERVER,
        REGISTRY;

        /** Of an answer that says later. Blocked: an index is read-only, closed or gone. */
        static Kind of(int status) {
            return switch (status) {
                case Verdict.NO_STATUS -> NO_ANSWER;
                case 408, 429 -> BUSY;
                case 401 -> DENIED;
                default -> status >= 500 ? SERVER : BLOCKED;
            };
        }
    }

    static Obstacle of(Verdict.Later later) {
        boolean forbidden = later.status() == 403 && later.reason().contains("security_exception");
        return new Obstacle(forbidden ? Kind.DENIED : Kind.of(later.status()), later.status() + " " + later.reason());
    }

    static Obstacle registry(String reason) {
        return new Obstacle(Kind.REGISTRY, reason);
    }
}
