package io.kordon.app.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * How to reach a simulated API; it holds no secret, since that API knows none.
 *
 * @param server its address
 */
record SimulatedKubeconfig(URI server) {
    SimulatedKubeconfig {
        if (!"http".equals(server.getScheme()) || server.getHost() == null) {
            throw new IllegalArgumentException("--advertise is '" + server
                    + "': write it as http://HOST:PORT, which is all that the simulation speaks");
        }
    }

    String text() {
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - name: simulated
              cluster: {server: "%s"}
            users:
            - name: nobody
              user: {}
            contexts:
            - name: simulated
              context: {cluster: simulated, user: nobody, namespace: default}
            current-context: simulated
            """.formatted(server);
    }

    /** Whoever waits for the file sees all of it or none. */
    void write(Path file) {
        Path target = file.toAbsolutePath();
        Path draft = target.resolveSibling(target.getFileName() + ".new");
        try {
            Files.createDirectories(target.resolveSibling("."));
            Files.writeString(draft, text());
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write the kubeconfig " + file + ": " + e, e);
        }
    }
}
