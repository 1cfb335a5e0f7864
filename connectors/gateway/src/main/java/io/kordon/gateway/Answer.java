package io.kordon.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kordon.decoding.Decoded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook's sender is told: a status, and JSON with the counts and the first errors.
 *
 * @param status HTTP status
 * @param code of the refusal or of the first rejected item; null when all is well
 * @param kind what its sender, and the meters, make of it
 * @param json the body
 */
record Answer(int status, @Nullable String code, Kind kind, String json) {
    enum Kind {
        /** The items were counted one by one, the bad ones too. */
        COUNTED,
        /** Nothing was taken, and the same again would fare no better. */
        REFUSED,
        /** Nothing is known to be taken: the same again, later, may be. */
        RETRY
    }

    /** Most errors that an answer lists; the counts are always whole. */
    static final int MAX_ERRORS = 20;

    private static final JsonFactory JSON = new JsonFactory();

    static Answer refused(Refusal refusal) {
        Kind kind = refusal.status() == 503 ? Kind.RETRY : Kind.REFUSED;
        return new Answer(refusal.status(), refusal.code(), kind, json(json -> {
            json.writeStringField("code", refusal.code());
            if (refusal.field() != null) {
                json.writeStringField("field", refusal.field());
            }
            json.writeStringField("reason", refusal.reason());
        }));
    }

    interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    /** One JSON object. */
    static String json(Members members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Counts a request's items while they are decoded. */
    static final class Tally {
        private final List<Numbered> errors = new ArrayList<>();
        private int accepted;
        private int rejected;
        private int ignored;

        private record Numbered(int item, Decoded.Rejected error) {}

        void accept() {
            accepted++;
        }

        void ignore() {
            ignored++;
        }

        void reject(Decoded.Rejected error) {
            if (errors.size() < MAX_ERRORS) {
                errors.add(new Numbered(items(), error));
            }
            rejected++;
        }

        int accepted() {
            return accepted;
        }

        int ignored() {
            return ignored;
        }

        /** Items so far: also the number of the next one. */
        int items() {
            return accepted + rejected + ignored;
        }

        /** 200 when anything was of use or nothing was wrong, else 400, or 413 when it was too much at once. */
        Answer answer() {
            boolean useless = rejected > 0 && accepted + ignored == 0;
            String code = errors.isEmpty() ? null : errors.get(0).error.code();
            int status = !useless ? 200 : "items.too-many".equals(code) ? 413 : 400;
            return new Answer(status, code, Kind.COUNTED, json(json -> {
                if (useless) {
                    Decoded.Rejected first = errors.get(0).error;
                    writeError(json, first);
                }
                json.writeNumberField("accepted", accepted);
                json.writeNumberField("rejected", rejected);
                json.writeNumberField("ignored", ignored);
                json.writeArrayFieldStart("errors");
                for (Numbered error : errors) {
                    json.writeStartObject();
                    json.writeNumberField("item", error.item);
                    writeError(json, error.error);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }));
        }

        private static void writeError(JsonGenerator json, Decoded.Rejected error) throws IOException {
            json.writeStringField("code", error.code());
            if (error.field() != null) {
                json.writeStringField("field", bounded(error.field()));
            }
            json.writeStringField("reason", bounded(error.reason()));
        }

        /** Field names and values quoted in a reason are the sender's and may be long. */
        private static String bounded(String text) {
            return text.length() <= 500 ? text : text.substring(0, 500) + "…";
        }
    }
}
