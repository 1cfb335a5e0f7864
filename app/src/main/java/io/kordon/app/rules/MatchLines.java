package io.kordon.app.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.kordon.streams.detection.Event;
import io.kordon.streams.rule.DetectionRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** One line of JSON for each match. Plain ASCII: a terminal of any encoding loses nothing and obeys nothing. */
final class MatchLines implements Matches {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final PrintWriter out;

    MatchLines(PrintWriter out) {
        this.out = out;
    }

    /** Writes the members of one object. */
    interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    @Override
    public void matched(DetectionRule rule, Event event, long line) {
        out.print(line(json -> {
            json.writeStringField("rule_id", rule.id());
            json.writeStringField("rule_name", rule.name());
            json.writeStringField("title", rule.title());
            json.writeStringField("level", rule.level().name().toLowerCase(Locale.ROOT));
            json.writeNumberField("event", line);
        }));
    }

    static String line(Members members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.append('\n').toString();
    }
}
