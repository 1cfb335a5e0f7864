package io.kordon.decoding;

import org.jspecify.annotations.Nullable;

/**
 * One audit event, taken out of whatever is around it.
 *
 * @param fields its members
 * @param json the innermost object: the event, or Google's log entry
 * @param path where in the item {@code json} is; null when it is the item
 * @param entry Google's log entry, when that is what it is
 * @param other whether this is a log of something else than the API server's audit
 */
record AuditDocument(
        AuditFields fields,
        Slice json,
        @Nullable String path,
        @Nullable GkeLogEntry entry,
        boolean other) {

    /** @throws Malformed when it is no JSON, or what is inside is none */
    static AuditDocument read(Slice item) throws Malformed {
        AuditFields fields = new AuditFields(new ShippedLine());
        Slice json = item;
        String path = null;
        JsonReader.read(json, false, fields);
        while (!fields.isEvent()) {
            if (fields.gke) {
                return google(json, path);
            }
            if (fields.isOtherLogOfAzure()) {
                return new AuditDocument(fields, json, path, null, true);
            }
            Slice line = fields.shipped.line();
            if (line == null) {
                break;
            }
            path = fields.shipped.path(path);
            json = line;
            fields = new AuditFields(fields.shipped.within());
            try {
                JsonReader.read(json, false, fields);
            } catch (Malformed e) {
                throw e.inside(path);
            }
        }
        return new AuditDocument(fields, json, path, null, false);
    }

    private static AuditDocument google(Slice json, @Nullable String path) throws Malformed {
        try {
            GkeLogEntry entry = GkeLogEntry.read(json);
            return new AuditDocument(entry.fields(), json, path, entry, entry.isOfAnotherService());
        } catch (Malformed e) {
            throw path == null ? e : e.inside(path);
        }
    }

    /** @param item the whole that this was read from */
    Decoded event(String original, Slice item, Origin origin) throws Malformed {
        if (other) {
            return Decoded.Ignored.unmeasured();
        }
        try {
            return fields.event(original, item, origin);
        } catch (Malformed e) {
            throw path == null ? e : e.inside(path);
        }
    }
}
