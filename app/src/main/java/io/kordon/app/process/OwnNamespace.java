package io.kordon.app.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The namespace that this process runs in. */
final class OwnNamespace {
    /** Where Kubernetes tells a pod. */
    static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    private OwnNamespace() {}

    /**
     * The one that is set, else the variable {@code POD_NAMESPACE}, else what the service account's file says.
     *
     * @return null outside a cluster
     */
    static @Nullable String of(String set, Map<String, String> environment, Path file) {
        if (!set.isBlank()) {
            return set.strip();
        }
        String told = environment.getOrDefault("POD_NAMESPACE", "");
        if (!told.isBlank()) {
            return told.strip();
        }
        try {
            String read = Files.readString(file).strip();
            return read.isEmpty() ? null : read;
        } catch (IOException e) {
            return null; // no pod, or one without a service account
        }
    }
}
