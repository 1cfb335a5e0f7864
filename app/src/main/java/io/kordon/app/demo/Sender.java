package io.kordon.app.demo;

/** Who sends the example's requests. */
enum Sender {
    AUDIT("/v1/audit"),
    FALCO("/v1/falco"),
    ALERTS("/v1/alertmanager");

    private final String path;

    Sender(String path) {
        this.path = path;
    }

    /** Of the gateway, for this sender's requests. */
    String path() {
        return path;
    }
}
