package io.kordon.decoding;

import io.kordon.avro.Entity;
import io.kordon.avro.FalcoEvent;
import io.kordon.avro.FalcoPriority;
import io.kordon.schemas.EntityKey;
import io.kordon.schemas.KubernetesNames;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Falco's JSON output, direct, through falcosidekick or as a log shipper read it: one event, an array of them, or JSON
 * lines.
 */
public final class FalcoDecoder implements Decoder {
    /**
     * Bytes of {@code output} that the id is made of. falcosidekick cuts long strings to 507 bytes and marks the cut, so
     * what both ways have in common ends before that.
     */
    private static final int ID_OUTPUT = 500;

    private static final int ID_LENGTH = 32;

    @Override
    public String source() {
        return "falco";
    }

    @Override
    public void decode(Slice body, boolean lines, Origin origin, Consumer<Decoded> out) {
        List<Slice> items;
        try {
            Body roots = Body.of(body, lines);
            Slice only = roots.roots().get(0);
            items = roots.roots().size() == 1 && JsonSlicer.isArray(only)
                    ? Body.limited(JsonSlicer.elements(only, MAX_ITEMS))
                    : roots.roots();
        } catch (Malformed e) {
            out.accept(e.rejected(body));
            return;
        }
        for (Slice item : items) {
            out.accept(item(item, origin));
        }
    }

    private static Decoded item(Slice item, Origin origin) {
        try {
            String original = item.text();
            Fields fields = read(item);
            return fields.source().equals("internal")
                    ? new Decoded.Ignored(fields.hostname == null ? "" : fields.hostname, fields.drops())
                    : fields.event(original, item, origin);
        } catch (Malformed e) {
            return e.rejected(item);
        }
    }

    /** Reads the event, out of the lines that shippers made of it. */
    private static Fields read(Slice item) throws Malformed {
        Fields fields = new Fields(new ShippedLine(), item);
        JsonReader.read(item, true, fields);
        String path = null;
        for (Slice line = fields.line(); line != null; line = fields.line()) {
            path = fields.shipped.path(path);
            fields = new Fields(fields.shipped.within(), line);
            try {
                JsonReader.read(line, true, fields);
            } catch (Malformed e) {
                throw e.inside(path);
            }
        }
        return fields;
    }

    /** The event's own JSON, out of the lines that shippers made of it. */
    static Slice innermost(Slice item) throws Malformed {
        return read(item).json;
    }

    /** The members of one event while it is read. */
    private static final class Fields implements JsonReader.Members {
        private @Nullable String rule;
        private @Nullable String time;
        private @Nullable String priority;
        private @Nullable String source;
        private @Nullable String hostname;
        private String output = "";
        private List<String> tags = List.of();
        private final Map<String, @Nullable Object> outputFields = new LinkedHashMap<>();
        private final ShippedLine shipped;

        private final Slice json;

        Fields(ShippedLine shipped, Slice json) {
            this.shipped = shipped;
            this.json = json;
        }

        /** What to read instead, where this is no event but what a shipper put around one. */
        @Nullable
        Slice line() throws Malformed {
            return rule == null ? shipped.line() : null;
        }

        @Override
        public void member(String name, JsonReader in) throws IOException {
            switch (name) {
                case "rule" -> rule = in.text(name);
                case "time" -> time = in.text(name);
                case "priority" -> priority = in.text(name);
                case "source" -> source = in.text(name);
                case "hostname" -> hostname = in.text(name);
                case "output" -> {
                    String text = in.text(name);
                    output = text == null ? "" : text;
                }
                case "tags" -> tags = in.texts(name);
                case "output_fields" -> in.object(name, (field, value) -> outputFields.put(field, value.value()));
                default -> shipped.member(name, in);
            }
        }

        /** falcosidekick writes a missing source as {@code syscalls}. */
        String source() {
            return source == null || source.isBlank() || source.equals("syscalls") ? "syscall" : source;
        }

        Decoded event(String original, Slice bytes, Origin origin) throws Malformed {
            if (rule == null || rule.isBlank()) {
                throw Malformed.missing("rule");
            }
            Instant at = time();
            String host = named(hostname);
            Entity entity = entity(origin.cluster(), host);
            FalcoEvent event = FalcoEvent.newBuilder()
                    .setId(new Digest()
                            .add(EventTime.exact(at))
                            .add(rule)
                            .add(host == null ? "" : host)
                            .add(source())
                            .add(output, ID_OUTPUT)
                            .hex(ID_LENGTH))
                    .setEntity(entity)
                    .setTime(EventTime.micros(at))
                    .setReceivedAt(EventTime.micros(origin.receivedAt()))
                    .setSender(origin.sender())
                    .setRule(rule)
                    .setPriority(priority())
                    .setSource(source())
                    .setHostname(host)
                    .setOutput(output)
                    .setTags(tags)
                    .setOutputFields(outputFields)
                    .setOriginal(original)
                    .build();
            return new Decoded.Valid(event, entity, bytes);
        }

        private Instant time() throws Malformed {
            if (time != null && !time.isBlank()) {
                return EventTime.parse("time", time);
            }
            if (outputFields.get("evt.time") instanceof Long nanos) {
                return EventTime.ofNanos("output_fields.evt.time", nanos);
            }
            throw Malformed.missing("time");
        }

        private FalcoPriority priority() {
            String name = priority == null ? "" : priority.trim().toUpperCase(Locale.ROOT);
            for (FalcoPriority known : FalcoPriority.values()) {
                if (known.name().equals(name)) {
                    return known;
                }
            }
            return name.equals("INFO") ? FalcoPriority.INFORMATIONAL : FalcoPriority.UNKNOWN;
        }

        private Entity entity(String cluster, @Nullable String host) {
            boolean audit = source().equals("k8s_audit");
            boolean pods = !audit || "pods".equals(field("ka.target.resource"));
            String namespace = pods ? field(audit ? "ka.target.namespace" : "k8s.ns.name") : null;
            String pod = pods ? field(audit ? "ka.target.name" : "k8s.pod.name") : null;
            String id = KubernetesNames.uid(field("container.id"));
            String container = "host".equals(id) ? null : id;
            String node = KubernetesNames.isName(host) ? host : null;
            Entity.Builder entity = EntityKey.clusterEntity(cluster);
            if (namespace != null && pod != null && KubernetesNames.isPod(namespace, pod)) {
                String uid = audit ? null : KubernetesNames.uid(field("k8s.pod.uid"));
                entity = EntityKey.podEntity(cluster, namespace, pod, uid);
                if (!audit) {
                    entity.setNode(node); // of an audit event the host is where the plugin runs
                }
            } else if (container != null) {
                entity = EntityKey.containerEntity(cluster, container).setNode(node);
            } else if (node != null) {
                entity = EntityKey.nodeEntity(cluster, node);
            }
            if (container != null) {
                entity.setContainerId(container).setContainer(KubernetesNames.shown(field("container.name")));
            }
            return entity.build();
        }

        private @Nullable String field(String name) {
            return outputFields.get(name) instanceof String text ? named(text) : null;
        }

        /** Falco writes what it does not know as null, as nothing or as {@code <NA>}. */
        private static @Nullable String named(@Nullable String text) {
            return text == null || text.isBlank() || text.equals("<NA>") ? null : text;
        }

        /** What a metrics snapshot says was dropped. */
        Map<String, Double> drops() {
            Map<String, Double> drops = new LinkedHashMap<>();
            outputFields.forEach((name, value) -> {
                boolean drop = name.startsWith("falco.n_drops")
                        || name.startsWith("scap.n_drops")
                        || name.equals("falco.outputs_queue_num_drops");
                if (drop && value instanceof Number number) {
                    drops.put(name, number.doubleValue());
                }
            });
            return drops;
        }
    }
}
