package io.kordon.app.demo;

import java.net.URI;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say where the example's requests go, and with which credentials. */
final class RecipientOptions {
    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description = "Gateway that all three senders post to, as http://127.0.0.1:8080.")
    private @Nullable URI gateway;

    @Option(
            names = "--falco",
            paramLabel = "URL",
            description = "Where the Falco event goes in place of the gateway, as http://falcosidekick:2801/.")
    private @Nullable URI falco;

    @Option(
            names = "--audit",
            paramLabel = "URL",
            description = "Where the audit events go in place of --gateway, as http://gateway:8080/v1/audit.")
    private @Nullable URI audit;

    @Option(
            names = "--alerts",
            paramLabel = "URL",
            description = "Where the memory alert goes in place of --gateway, as http://gateway:8080/v1/alertmanager.")
    private @Nullable URI alerts;

    @Option(
            names = "--bearer",
            paramLabel = "SENDER=FILE",
            description = "File that holds the token of a sender (falco, audit or alerts). May be repeated.")
    private Map<String, Path> bearer = new LinkedHashMap<>();

    @Option(
            names = "--headers",
            paramLabel = "SENDER=FILE",
            description = "File of headers for the requests of a sender, one `Name: value` a line. May be repeated.")
    private Map<String, Path> headers = new LinkedHashMap<>();

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            defaultValue = "",
            description = "PEM file with the authorities that the receivers' certificates are from.")
    private String authorities = "";

    /**
     * Who gets what.
     *
     * @param alert whether the alert is posted at all
     * @throws IllegalArgumentException if nobody gets anything, or an option cannot be meant
     */
    Recipients resolve(boolean alert) {
        if (!alert && alerts != null) {
            throw new IllegalArgumentException(
                    "--alerts posts the memory alert, and --memory-port leaves it to a Prometheus: take one");
        }
        Credentials credentials = Credentials.read(bearer, headers);
        Map<Sender, Recipient> recipients = new EnumMap<>(Sender.class);
        add(Sender.AUDIT, audit, credentials, recipients);
        add(Sender.FALCO, falco, credentials, recipients);
        if (alert) {
            add(Sender.ALERTS, alerts, credentials, recipients);
        }
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("nobody to send to: name the gateway with --gateway http://HOST:PORT, or"
                    + " the receivers of single senders with --falco, --audit and --alerts");
        }
        return new Recipients(recipients, authorities);
    }

    private void add(Sender sender, @Nullable URI own, Credentials credentials, Map<Sender, Recipient> recipients) {
        URI given = own != null ? own : gateway;
        if (given == null) {
            return;
        }
        if (given.getHost() == null || !("http".equals(given.getScheme()) || "https".equals(given.getScheme()))) {
            throw new IllegalArgumentException(
                    "'" + given + "' is no address of a receiver: write it as http://HOST:PORT, or https");
        }
        URI address = own != null ? own : given.resolve(sender.path());
        recipients.put(sender, new Recipient(address, credentials.of(sender)));
    }
}
