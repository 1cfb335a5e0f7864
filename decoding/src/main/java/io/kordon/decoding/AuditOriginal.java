package io.kordon.decoding;

import java.nio.charset.StandardCharsets;

/** What a sender wrote of an audit event, read as audit.k8s.io/v1 whatever it was wrapped in. */
public final class AuditOriginal {
    private AuditOriginal() {}

    /**
     * JSON whose members bear the names of audit.k8s.io/v1: the original itself, or the event inside its envelope. Google's
     * log entries call things otherwise: they stay as they are, with what they say put in front once more under the names
     * that rules and indexes know.
     *
     * @param original as an audit event's record holds it
     * @return the same text when it is no audit event
     */
    public static String event(String original) {
        Slice item = Slice.of(original.getBytes(StandardCharsets.UTF_8));
        if (!JsonSlicer.isObject(item) || JsonSlicer.member(item, "auditID") != null) {
            return original;
        }
        try {
            AuditDocument document = AuditDocument.read(item);
            if (document.entry() != null) {
                return document.entry().named(document.fields(), document.json());
            }
            return document.path() == null ? original : document.json().text();
        } catch (Malformed e) {
            return original;
        }
    }
}
