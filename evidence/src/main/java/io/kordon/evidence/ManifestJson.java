package io.kordon.evidence;

import io.kordon.evidence.Bundles.BundleId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Manifests as bytes. A reader believes nothing: everything is bounded, and a key that comes twice is an error. */
final class ManifestJson {
    static final String FORMAT = "kordon-evidence/1";

    /** Bytes of a manifest. */
    static final int LARGEST = 32 << 20;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(20)
                            .maxStringLength(1 << 16)
                            .maxNumberLength(20)
                            .maxDocumentLength(LARGEST)
                            .build())
                    .build())
            .build();

    private ManifestJson() {}

    /** Keys sorted, no blanks, UTF-8. Its texts hold no control characters, so Jackson escapes as RFC 8785 asks. */
    static byte[] write(Manifest manifest) {
        Map<String, @Nullable Object> json = new TreeMap<>();
        json.put("format", FORMAT);
        json.put("sequence", manifest.sequence());
        json.put("id", manifest.id().id());
        json.put("cluster", manifest.id().cluster());
        json.put("incident", manifest.id().incidentId());
        json.put("origin", manifest.origin());
        json.put("attempt", manifest.attempt());
        json.put("created", manifest.created().toString());
        json.put("sealed", manifest.sealed().toString());
        json.put("files", manifest.files().stream().map(ManifestJson::file).toList());
        json.put(
                "missing",
                manifest.missing().stream().map(ManifestJson::absence).toList());
        json.put("missingOmitted", manifest.missingOmitted());
        json.put("previous", manifest.previous().map(ManifestJson::previous).orElse(null));
        return JSON.writeValueAsBytes(json);
    }

    private static Map<String, Object> file(Manifest.Entry file) {
        return new TreeMap<>(Map.of(
                "name", file.name(),
                "bytes", file.bytes(),
                "sha256", file.sha256(),
                "at", file.at().toString(),
                "source", file.source(),
                "truncated", file.truncated(),
                "facts", new TreeMap<>(file.facts())));
    }

    private static Map<String, Object> absence(Manifest.Absence absence) {
        return new TreeMap<>(Map.of(
                "name", absence.name(),
                "source", absence.source(),
                "reason", absence.reason(),
                "at", absence.at().toString()));
    }

    private static Map<String, Object> previous(Manifest.Previous previous) {
        return new TreeMap<>(Map.of("digest", previous.digest(), "id", previous.id(), "location", previous.location()));
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Manifest read(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("no JSON: " + Text.line(e.getOriginalMessage(), 200), e);
        }
        String format = text(json, "format");
        if (!format.equals(FORMAT)) {
            throw new IllegalArgumentException("format is '" + Text.line(format, 50) + "'; this reads " + FORMAT);
        }
        return new Manifest(
                Math.toIntExact(Math.min(number(json, "sequence"), Integer.MAX_VALUE)),
                new BundleId(text(json, "cluster"), text(json, "incident"), text(json, "id")),
                text(json, "origin"),
                text(json, "attempt"),
                time(json, "created"),
                time(json, "sealed"),
                each(json, "files", ManifestJson::readFile),
                each(json, "missing", ManifestJson::readAbsence),
                number(json, "missingOmitted"),
                json.path("previous").isNull() ? Optional.empty() : Optional.of(readPrevious(json.path("previous"))));
    }

    private static Manifest.Entry readFile(JsonNode file) {
        Map<String, String> facts = new TreeMap<>();
        file.path("facts")
                .properties()
                .forEach(fact -> facts.put(fact.getKey(), fact.getValue().asString()));
        return new Manifest.Entry(
                text(file, "name"),
                number(file, "bytes"),
                text(file, "sha256"),
                time(file, "at"),
                text(file, "source"),
                file.path("truncated").asBoolean(false),
                facts);
    }

    private static Manifest.Absence readAbsence(JsonNode absence) {
        return new Manifest.Absence(
                text(absence, "name"), text(absence, "source"), text(absence, "reason"), time(absence, "at"));
    }

    private static Manifest.Previous readPrevious(JsonNode previous) {
        return new Manifest.Previous(text(previous, "digest"), text(previous, "id"), text(previous, "location"));
    }

    private static <T> List<T> each(JsonNode json, String name, Function<JsonNode, T> reader) {
        JsonNode items = json.path(name);
        if (!items.isArray()) {
            throw new IllegalArgumentException(name + " is no array");
        }
        List<T> all = new ArrayList<>(items.size());
        items.forEach(item -> all.add(reader.apply(item)));
        return all;
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isString()) {
            throw new IllegalArgumentException(name + " is missing, or no text");
        }
        return value.stringValue();
    }

    private static long number(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(name + " is missing, or no whole number");
        }
        return value.longValue();
    }

    private static Instant time(JsonNode json, String name) {
        String text = text(json, name);
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " is no time: '" + Text.line(text, 50) + "'", e);
        }
    }
}
