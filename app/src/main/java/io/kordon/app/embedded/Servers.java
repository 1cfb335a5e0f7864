package io.kordon.app.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the build unpacked the servers.
 *
 * @param root holds {@code registry/} and {@code elasticsearch/}
 */
public record Servers(Path root) {

    /**
     * From {@code -Dkordon.servers=DIR}, else {@code app/target/servers} below {@code -Dkordon.home=DIR} or here.
     *
     * @throws EmbeddedServerException where there is no such folder, as in the container image
     */
    public static Servers find() {
        String servers = System.getProperty("kordon.servers");
        String home = System.getProperty("kordon.home", ".");
        Path root = servers == null ? Path.of(home, "app", "target", "servers") : Path.of(servers);
        if (!Files.isDirectory(root)) {
            throw new EmbeddedServerException("there are no servers to start in " + root.toAbsolutePath()
                    + ": they come with a checkout of Kordon, once ./kordon or ./mvnw package has built it. Against"
                    + " servers that run already, `kordon scenario` plays the example");
        }
        return new Servers(root.toAbsolutePath().normalize());
    }

    /** The registry's runnable jar. */
    Path registryJar() {
        return only("registry", "*-runner.jar");
    }

    /** Elasticsearch's home. */
    Path elasticsearchHome() {
        return only("elasticsearch", "elasticsearch-*");
    }

    private Path only(String directory, String glob) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(root.resolve(directory), glob)) {
            for (Path path : found) {
                return path;
            }
        } catch (IOException e) {
            throw missing(directory, glob, e);
        }
        throw missing(directory, glob, null);
    }

    private EmbeddedServerException missing(String directory, String glob, @Nullable IOException cause) {
        String message = "no " + directory + "/" + glob + " in " + root
                + ": build with ./mvnw package first, or point -Dkordon.servers at the unpacked servers";
        return cause == null ? new EmbeddedServerException(message) : new EmbeddedServerException(message, cause);
    }
}
