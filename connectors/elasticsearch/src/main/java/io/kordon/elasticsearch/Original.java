package io.kordon.elasticsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kordon.avro.Source;
import io.kordon.decoding.AuditOriginal;
import io.kordon.decoding.FalcoOriginal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a sender's own JSON says of processes, users and addresses, in ECS. It is read for searching only: whatever cannot
 * be read is left out, and the document keeps the JSON itself.
 */
final class Original {
    /** Looks like an address; Elasticsearch decides whether it is one, and leaves it out of the index if not. */
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private static final String NOT_AVAILABLE = "<NA>";

    private final JsonNode json;
    private final Json document;
    private final Set<String> categories = new LinkedHashSet<>();
    private final Set<String> types = new LinkedHashSet<>();
    private final Set<String> users = new LinkedHashSet<>();
    private final Set<String> addresses = new LinkedHashSet<>();
    private final Set<String> hosts = new LinkedHashSet<>();

    private Original(JsonNode json, Json document) {
        this.json = json;
        this.document = document;
    }

    /** Adds what {@code original} tells to the document. */
    static void describe(Source source, String original, Json document) {
        Original reader = new Original(parse(event(source, original)), document);
        switch (source) {
            case FALCO -> reader.falco();
            case AUDIT -> reader.audit();
            case PROMETHEUS -> reader.prometheus();
            case CORRELATION -> reader.correlation();
            case UNKNOWN -> reader.classify("intrusion_detection", "info");
        }
        reader.finish();
    }

    /** Out of what a log shipper or a cloud put around it. */
    private static String event(Source source, String original) {
        return switch (source) {
            case FALCO -> FalcoOriginal.event(original);
            case AUDIT -> AuditOriginal.event(original);
            case PROMETHEUS, CORRELATION, UNKNOWN -> original;
        };
    }

    private static JsonNode parse(String original) {
        try {
            JsonNode json = Json.MAPPER.readTree(original);
            return json == null ? Json.MAPPER.missingNode() : json;
        } catch (JsonProcessingException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private void finish() {
        document.put("event.category", categories);
        document.put("event.type", types);
        document.put("related.user", users);
        document.put("related.ip", addresses);
        document.put("related.hosts", hosts);
    }

    private void falco() {
        classify("intrusion_detection", "info");
        document.put("event.provider", "falco");
        document.put("observer.product", "Falco");
        document.put("observer.vendor", "The Falco Project");
        document.put("observer.type", "hids");
        String hostname = text(member(json, "hostname"));
        document.put("observer.hostname", hostname);
        add(hosts, hostname);
        document.put("event.action", text(member(json, "rule")));

        JsonNode fields = member(json, "output_fields");
        String name = text(fields.path("proc.name"));
        if (name != null) {
            categories.add("process");
        }
        document.put("process.name", name);
        document.put("process.executable", text(fields.path("proc.exepath")));
        document.put("process.command_line", text(fields.path("proc.cmdline")));
        document.put("process.working_directory", text(fields.path("proc.cwd")));
        document.put("process.pid", number(fields.path("proc.pid")));
        document.put("process.parent.name", text(fields.path("proc.pname")));
        document.put("process.parent.command_line", text(fields.path("proc.pcmdline")));
        document.put("process.parent.pid", number(fields.path("proc.ppid")));
        user(text(fields.path("user.name")), text(fields.path("user.uid")));
        address("source.ip", text(fields.path("fd.cip")));
        address("destination.ip", text(fields.path("fd.sip")));
    }

    private void audit() {
        categories.add("api");
        document.put("event.provider", "kubernetes");
        String verb = text(json.path("verb"));
        document.put("event.action", verb);
        types.add(ofVerb(verb == null ? "" : verb));
        JsonNode user = json.path("user");
        user(text(user.path("username")), text(user.path("uid")));
        add(users, text(json.path("impersonatedUser").path("username")));
        JsonNode sources = json.path("sourceIPs");
        address("source.ip", text(sources.path(0)));
        for (JsonNode address : sources) {
            related(text(address));
        }
        document.put("user_agent.original", text(json.path("userAgent")));
        Long code = number(json.path("responseStatus").path("code"));
        document.put("http.response.status_code", code);
        if (code != null) {
            document.put("event.outcome", code < 400 ? "success" : "failure");
            types.add(code == 401 || code == 403 ? "denied" : "allowed");
        }
    }

    private static String ofVerb(String verb) {
        return switch (verb) {
            case "create" -> "creation";
            case "update", "patch" -> "change";
            case "delete", "deletecollection" -> "deletion";
            case "get", "list", "watch" -> "access";
            default -> "info";
        };
    }

    private void prometheus() {
        classify("host", "info");
        document.put("event.provider", "prometheus");
        String alertname = text(json.path("labels").path("alertname"));
        document.put("event.action", alertname == null ? recordedName() : alertname);
    }

    /** Alertmanager's event recorder names the alert beside its labels. */
    private @Nullable String recordedName() {
        JsonNode details = json.findPath("details");
        return text((details.isMissingNode() ? json.findPath("alert") : details).path("name"));
    }

    /** A correlation has no sender but Kordon, and no words but its rule's. */
    private void correlation() {
        classify("intrusion_detection", "info");
        document.put("event.provider", "kordon");
    }

    private void classify(String category, String type) {
        categories.add(category);
        types.add(type);
    }

    private void user(@Nullable String name, @Nullable String id) {
        document.put("user.name", name);
        document.put("user.id", id);
        add(users, name);
    }

    private void address(String path, @Nullable String address) {
        if (address != null && ADDRESS.matcher(address).matches()) {
            document.put(path, address);
            related(address);
        }
    }

    private void related(@Nullable String address) {
        if (address != null && ADDRESS.matcher(address).matches()) {
            addresses.add(address);
        }
    }

    private static void add(Set<String> set, @Nullable String value) {
        if (value != null) {
            set.add(value);
        }
    }

    /** Go senders may capitalise Falco's own keys. */
    private static JsonNode member(JsonNode object, String name) {
        JsonNode exact = object.path(name);
        if (!exact.isMissingNode()) {
            return exact;
        }
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .filter(other -> other.toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .map(object::path)
                .orElse(exact);
    }

    private static @Nullable String text(JsonNode node) {
        if (!node.isValueNode() || node.isNull()) {
            return null;
        }
        String text = node.asText();
        return text.isEmpty() || text.equals(NOT_AVAILABLE) ? null : text;
    }

    private static @Nullable Long number(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null;
    }
}
