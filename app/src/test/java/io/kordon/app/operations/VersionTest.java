package io.kordon.app.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever raises the version in the pom hears where else it stands: the image would be looked for under an old name. */
class VersionTest {
    private static final Path HOME = Path.of("..");
    private static final Pattern IMAGE = Pattern.compile("\\bkordon:([0-9]+\\.[0-9]+\\.[0-9A-Za-z-]+)");

    @ParameterizedTest
    @CsvSource({
        ".env, KORDON_VERSION=(.*)",
        "helm/kordon/Chart.yaml, appVersion: (.*)",
        "docker-compose.yml, image: kordon:[$][{]KORDON_VERSION:-(.*)}",
    })
    void isTheBuilds(String file, String line) throws IOException {
        assertThat(found(file, Pattern.compile("(?m)^ *" + line + "$")))
                .as(file)
                .isNotEmpty()
                .containsOnly(version());
    }

    @ParameterizedTest
    @CsvSource({
        "helm/sandbox/scenario.yaml",
        "docs/getting-started.md",
        "docs/image.md",
        "docs/helm.md",
        "docs/kibana.md",
    })
    void isInTheNamesOfTheImage(String file) throws IOException {
        assertThat(found(file, IMAGE)).as(file).isNotEmpty().containsOnly(version());
    }

    @Test
    void isFoundInThePom() throws IOException {
        assertThat(version()).matches("[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?");
    }

    private static String version() throws IOException {
        return found("pom.xml", Pattern.compile("(?m)^  <version>(.*)</version>"))
                .get(0);
    }

    private static List<String> found(String file, Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(HOME.resolve(file)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
