package io.kordon.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The sandbox's Compose file, as far as it can be checked without an engine; docker/verify runs it. */
class ComposeFileTest {
    private static final Path HOME = Path.of("..");

    /** What ends by itself, and how it may be started again. */
    private static final Map<String, String> ONE_SHOTS =
            Map.of("topics", "on-failure:5", "dashboards", "on-failure:5", "scenario", "no");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)(:-([^}]*))?}");
    private static final int LAPTOP_MIB = 6 * 1024;

    private record Service(String name, Map<?, ?> definition) {
        List<String> list(String key) {
            Object value = definition.get(key);
            return value instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of();
        }

        Map<?, ?> map(String key) {
            Object value = definition.get(key);
            return value instanceof Map<?, ?> map ? map : Map.of();
        }

        String text(String key) {
            return String.valueOf(definition.get(key));
        }

        boolean isKordon() {
            return text("image").startsWith("kordon:");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Service> services() throws IOException {
        List<Service> services = new ArrayList<>();
        ((Map<?, ?>) compose().get("services"))
                .forEach((name, definition) -> services.add(new Service(name.toString(), (Map<?, ?>) definition)));
        return services;
    }

    private static Map<?, ?> compose() throws IOException {
        return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(HOME.resolve("docker-compose.yml")));
    }

    @ParameterizedTest
    @MethodSource("services")
    void setsOnlySettingsThatThereAre(Service service) {
        Map<String, String> environment = new LinkedHashMap<>();
        service.map("environment").forEach((name, value) -> environment.put(name.toString(), String.valueOf(value)));
        List<String> problems = new ArrayList<>();

        Environment.settings(environment, problems);

        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("services")
    void publishesPortsOnTheLoopbackAddressOnly(Service service) {
        assertThat(service.list("ports")).allMatch(port -> port.matches("127\\.0\\.0\\.1:[0-9]+:[0-9]+"));
    }

    @ParameterizedTest
    @MethodSource("services")
    void checksTheHealthOfWhatRunsOnAndStartsItAgain(Service service) {
        Map<?, ?> health = service.map("healthcheck");
        if (ONE_SHOTS.containsKey(service.name())) {
            assertThat(service.text("restart")).isEqualTo(ONE_SHOTS.get(service.name()));
            assertThat(health.get("disable")).isEqualTo(true);
            return;
        }
        assertThat(service.text("restart")).isEqualTo("unless-stopped");
        assertThat(health.get("disable")).isNull();
        // Kordon's image brings its own.
        assertThat(health.containsKey("test")).isEqualTo(!service.isKordon());
    }

    @ParameterizedTest
    @MethodSource("services")
    void takesFromEveryContainerWhatItCouldMisuse(Service service) {
        assertThat(service.list("cap_drop")).containsExactly("ALL");
        assertThat(service.list("security_opt")).containsExactly("no-new-privileges:true");
        assertThat(service.definition().containsKey("privileged")).isFalse();
        assertThat(service.definition().containsKey("cap_add")).isFalse();
        if (service.isKordon()) {
            assertThat(service.text("user")).isEqualTo("65532:65532");
            assertThat(service.text("read_only")).isEqualTo("true");
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void waitsForWhatCanBeWaitedFor(Service service) throws IOException {
        List<Service> all = services();
        service.map("depends_on").forEach((name, condition) -> {
            Service other = all.stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(service + " depends on " + name + ", which is no service"));
            String awaited = ONE_SHOTS.containsKey(other.name()) ? "service_completed_successfully" : "service_healthy";
            assertThat(((Map<?, ?>) condition).get("condition")).isEqualTo(awaited);
            // What is switched off cannot be waited for, unless both are.
            assertThat(service.list("profiles")).containsAll(other.list("profiles"));
        });
    }

    @ParameterizedTest
    @MethodSource("services")
    void mountsFilesThatExistAndVolumesThatAreDeclared(Service service) throws IOException {
        Map<?, ?> volumes = (Map<?, ?>) compose().get("volumes");
        for (String volume : service.list("volumes")) {
            String source = defaults(volume).split(":", 2)[0];
            if (source.startsWith("./")) {
                assertThat(HOME.resolve(source)).isRegularFile();
                assertThat(volume).endsWith(":ro");
            } else {
                assertThat(volumes.containsKey(source))
                        .as("volume %s of %s", source, service)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("services")
    void leavesTheChoiceOfACollectorToLaunchersThatMakeIt(Service service) {
        // They put one on the command line, and Java does not start with two.
        assertThat(String.valueOf(service.map("environment").get("JAVA_TOOL_OPTIONS")))
                .doesNotContainPattern("-XX:\\+Use\\w+GC");
    }

    @Test
    void fitsALaptop() throws IOException {
        int limits = 0;
        for (Service service : services()) {
            String limit = service.text("mem_limit");
            assertThat(limit).as("mem_limit of %s", service).matches("[0-9]+m");
            if (!ONE_SHOTS.containsKey(service.name())) {
                limits += Integer.parseInt(limit.substring(0, limit.length() - 1));
            }
        }
        assertThat(limits).isLessThan(LAPTOP_MIB);
    }

    @Test
    void scrapesAndNotifiesServicesThatThereAre() throws IOException {
        Set<String> names = services().stream().map(Service::name).collect(Collectors.toSet());
        for (String file : List.of("prometheus.yml", "alertmanager.yml")) {
            Matcher address = Pattern.compile("(?:\\[\"|http://)([a-z]+):[0-9]+|names: \\[([a-z]+)]")
                    .matcher(Files.readString(HOME.resolve("docker").resolve(file)));
            List<String> addressed = new ArrayList<>();
            while (address.find()) {
                addressed.add(address.group(1) == null ? address.group(2) : address.group(1));
            }
            assertThat(addressed).as(file).isNotEmpty();
            assertThat(names).as(file).containsAll(addressed);
        }
    }

    @Test
    void saysTheSameVersionsWithAndWithoutTheFileOfVariables() throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : Files.readAllLines(HOME.resolve(".env"))) {
            String[] pair = line.split("=", 2);
            if (pair.length == 2 && !line.startsWith("#")) {
                variables.put(pair[0], pair[1]);
            }
        }
        Matcher used = VARIABLE.matcher(Files.readString(HOME.resolve("docker-compose.yml")));
        while (used.find()) {
            String name = used.group(1);
            if (variables.containsKey(name)) {
                assertThat(used.group(3)).as(name).isEqualTo(variables.get(name));
            }
        }
        assertThat(variables).containsKeys("COMPOSE_PROFILES", "KORDON_VERSION", "ELASTIC_VERSION");
    }

    private static String defaults(String text) {
        return VARIABLE.matcher(text).replaceAll(match -> match.group(3) == null ? "" : match.group(3));
    }
}
