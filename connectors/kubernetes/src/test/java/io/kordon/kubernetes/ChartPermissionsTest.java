package io.kordon.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The chart grants what steps and inventory declare, for the steps that are on, and nothing else. */
class ChartPermissionsTest {
    private static final Path PERMISSIONS = Chart.FOLDER.resolve("files/permissions.yaml");
    private static final Path PLAYBOOKS = Path.of("../../rules/playbooks");
    private static final String ACTUATOR = "kordon-actuator";
    private static final String INVENTORY = "kordon-inventory";

    @Test
    void knowsWhatStepsAndInventoryDeclare() throws IOException {
        String declared = DeclaredPermissions.yaml(ContainmentSteps.all());
        if (Boolean.getBoolean("permissions.update")) {
            Files.writeString(PERMISSIONS, declared);
        }

        assertThat(PERMISSIONS)
                .as("declarations have changed: -Dpermissions.update=true writes them anew")
                .content()
                .isEqualTo(declared);
    }

    static Stream<Set<String>> stepsThatAreOn() {
        List<String> all = all();
        List<Set<String>> sets = new ArrayList<>(all.stream().map(Set::of).toList());
        sets.add(Set.of());
        sets.add(Set.copyOf(all));
        for (int i = 1; i < all.size(); i++) {
            sets.add(Set.of(all.get(i - 1), all.get(i)));
        }
        return sets.stream();
    }

    @ParameterizedTest
    @MethodSource("stepsThatAreOn")
    void grantsTheActuatorWhatTheStepsThatAreOnDeclare(Set<String> on) {
        Map<String, Object> values = new LinkedHashMap<>();
        all().forEach(step -> values.put("actuator.steps." + step, on.contains(step)));

        List<HasMetadata> objects = Chart.render(values);

        assertThat(Chart.granted(ACTUATOR, objects)).isEqualTo(declared(on));
        assertThat(Chart.granted(INVENTORY, objects)).isEqualTo(Inventory.permissions());
        assertThat(Chart.of(ClusterRole.class, objects)).hasSize(2).allSatisfy(ChartPermissionsTest::grantsByNameOnly);
    }

    @Test
    void grantsByDefaultWhatItsValuesSwitchOn() throws IOException {
        Map<String, Boolean> defaults = defaultSteps();
        Set<String> on = defaults.keySet().stream().filter(defaults::get).collect(Collectors.toSet());

        assertThat(defaults.keySet())
                .as("helm/kordon/values.yaml must say of every step whether it is on")
                .containsExactlyInAnyOrderElementsOf(all());
        assertThat(Chart.granted(ACTUATOR, Chart.render(Map.of()))).isEqualTo(declared(on));
        assertThat(on).as("steps of the playbooks that run at once").containsAll(automaticSteps());
        assertThat(on).doesNotContain("terminate", "scale", "revoke");
    }

    @Test
    void bindsEachRoleToItsAccountAlone() {
        List<HasMetadata> objects = Chart.render(Map.of("inventory.serviceAccount.name", "reader"));

        assertThat(Chart.of(ServiceAccount.class, objects))
                .extracting(account -> account.getMetadata().getNamespace() + "/"
                        + account.getMetadata().getName())
                .contains("kordon/kordon-actuator", "kordon/reader")
                .doesNotContain("kordon/kordon-inventory");
        assertThat(Chart.of(ClusterRoleBinding.class, objects))
                .extracting(binding -> binding.getRoleRef().getName() + " to "
                        + binding.getSubjects().stream()
                                .map(one -> one.getKind() + " " + one.getNamespace() + "/" + one.getName())
                                .collect(Collectors.joining(", ")))
                .containsExactlyInAnyOrder(
                        "kordon-actuator to ServiceAccount kordon/kordon-actuator",
                        "kordon-inventory to ServiceAccount kordon/reader");
    }

    @Test
    void bindsAnAccountThatIsThereAlready() {
        List<HasMetadata> objects =
                Chart.render(Map.of("actuator.serviceAccount.create", false, "actuator.serviceAccount.name", "theirs"));

        assertThat(Chart.of(ServiceAccount.class, objects))
                .extracting(account -> account.getMetadata().getName())
                .contains(INVENTORY)
                .doesNotContain(ACTUATOR, "theirs");
        assertThat(Chart.of(ClusterRoleBinding.class, objects))
                .flatExtracting(ClusterRoleBinding::getSubjects)
                .extracting("name")
                .contains("theirs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"actuator", "inventory"})
    void grantsNothingForAPartThatIsOff(String part) {
        assertThat(Chart.render(Map.of(part + ".enabled", false)))
                .isNotEmpty()
                .noneMatch(object -> object.getMetadata().getName().contains(part));
    }

    @Test
    void refusesAStepThatDoesNotExistAndNamesThoseThatDo() {
        assertThatThrownBy(() -> Chart.render(Map.of("actuator.steps.explode", true)))
                .hasMessageContaining("there is no step 'explode'")
                .hasMessageContaining("cordon, detach");
    }

    @Test
    void refusesAnAnswerThatIsNeitherYesNorNo() {
        assertThatThrownBy(() -> Chart.render(Map.of("actuator.steps.terminate", "perhaps")))
                .hasMessageContaining("actuator.steps.terminate is perhaps");
    }

    @Test
    void passesHelmsOwnChecks() {
        LintResult result = new Helm(Chart.FOLDER).lint().strict().quiet().call();

        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    private static List<String> all() {
        return ContainmentSteps.all().stream().map(ContainmentStep::action).toList();
    }

    private static Set<Permission> declared(Set<String> on) {
        Set<Permission> declared = new HashSet<>(ContainmentStep.RESOLVE);
        ContainmentSteps.all().stream()
                .filter(step -> on.contains(step.action()))
                .forEach(step -> declared.addAll(step.permissions()));
        return declared;
    }

    /** No wildcard, and no rule about anything but resources of a kind. */
    private static void grantsByNameOnly(ClusterRole role) {
        assertThat(role.getAggregationRule()).isNull();
        assertThat(role.getRules()).isNotEmpty().allSatisfy(rule -> {
            assertThat(rule.getNonResourceURLs()).isNullOrEmpty();
            assertThat(rule.getResourceNames()).isNullOrEmpty();
            assertThat(Stream.of(rule.getApiGroups(), rule.getResources(), rule.getVerbs())
                            .flatMap(List::stream))
                    .noneMatch(word -> word.contains("*"));
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Boolean> defaultSteps() throws IOException {
        Map<String, Object> values =
                new YAMLMapper().readValue(Files.readString(Chart.FOLDER.resolve("values.yaml")), Map.class);
        return (Map<String, Boolean>) ((Map<String, Object>) values.get("actuator")).get("steps");
    }

    private static Set<String> automaticSteps() throws IOException {
        Set<String> steps = new HashSet<>();
        try (Stream<Path> files = Files.list(PLAYBOOKS)) {
            for (Path file : files.toList()) {
                for (String document : Files.readString(file).split("(?m)^---\\s*$", -1)) {
                    var playbook = new YAMLMapper().readTree(document);
                    if (playbook.path("mode").asString("").equals("automatic")) {
                        playbook.path("steps")
                                .forEach(step -> steps.add(
                                        step.isString()
                                                ? step.asString()
                                                : step.propertyNames()
                                                        .iterator()
                                                        .next()));
                    }
                }
            }
        }
        assertThat(steps).isNotEmpty();
        return steps;
    }
}
