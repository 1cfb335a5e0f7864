package io.kordon.evidence.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A report for tools: one JSON object, in ASCII, so that no terminal obeys or loses any of it; times in ISO 8601, what is
 * unknown left out.
 */
public final class ReportJson {
    /** Rises when a field changes its meaning or goes. */
    public static final String FORMAT = "kordon.inspection/1";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .changeDefaultPropertyInclusion(included -> included.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private ReportJson() {}

    /** Writes it, and leaves the stream open. */
    public static void write(Report report, OutputStream out) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("format", FORMAT);
        fields.put("root", report.root());
        fields.put("at", report.at());
        fields.put("complete", report.complete());
        fields.put("notes", report.notes());
        fields.put("indicators", report.indicators());
        fields.put("findings", report.findings());
        fields.put("containers", report.containers());
        fields.put("volumes", report.volumes());
        fields.put("unclaimedLogs", report.unclaimedLogs());
        JSON.writeValue(out, fields);
    }
}
