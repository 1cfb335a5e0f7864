package io.kordon.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.kordon.schemas.tls.ReloadingTls;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Opens Confluent's client of a registry; where TLS is by files, with certificates that follow them. */
final class RegistryClient {
    private static final int CACHED_SCHEMAS = 1_000;
    private static final String HEADERS = "request.header.";
    private static final String TLS = "schema.registry.ssl.";
    private static final String NAMES = "ssl.endpoint.identification.algorithm";

    private RegistryClient() {}

    /** @param config of Confluent's serdes */
    static SchemaRegistryClient open(Map<String, Object> config) {
        List<String> urls = Arrays.stream(
                        String.valueOf(config.get("schema.registry.url")).split(",", -1))
                .map(String::strip)
                .toList();
        Map<String, Object> rest = new HashMap<>(config);
        Map<String, Object> tls = new HashMap<>();
        Map<String, String> headers = new HashMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith(TLS) || key.startsWith("ssl.")) {
                tls.put(key.substring(key.indexOf("ssl.")), value);
            } else if (key.startsWith(HEADERS)) {
                headers.put(key.substring(HEADERS.length()), value.toString());
            }
        });
        // Confluent's client takes a certificate of any host unless it is told otherwise.
        tls.putIfAbsent(NAMES, "https");
        rest.keySet().removeIf(key -> key.startsWith(TLS) || key.startsWith("ssl."));
        if (!ReloadingTls.hasFiles(tls)) {
            tls.forEach((key, value) -> rest.put("schema.registry." + key, value));
            return SchemaRegistryClientFactory.newClient(
                    urls, CACHED_SCHEMAS, List.of(new AvroSchemaProvider()), rest, headers);
        }
        rest.put("schema.registry." + NAMES, tls.get(NAMES));
        RestService service = new RestService(urls);
        SchemaRegistryClient client = new CachedSchemaRegistryClient(
                service, CACHED_SCHEMAS, List.of(new AvroSchemaProvider()), rest, headers);
        // In place of the client's own, which reads the files once.
        service.setSslSocketFactory(new ReloadingTls(tls).context().getSocketFactory());
        return client;
    }
}
