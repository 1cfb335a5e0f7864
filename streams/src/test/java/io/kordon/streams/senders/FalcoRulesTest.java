package io.kordon.streams.senders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Falco would say of the rules at its start, as far as that can be said without it. */
class FalcoRulesTest {
    /** Of falco_rules.yaml in falcosecurity/rules, which is loaded before. */
    private static final Set<String> STOCK_MACROS =
            Set.of("spawned_process", "container", "never_true", "possibly_parent_java_running_tomcat");

    private static final Set<String> STOCK_LISTS = Set.of("shell_binaries");

    /** Of https://falco.org/docs/reference/rules/supported-fields/. */
    private static final Set<String> FIELDS = Set.of(
            "container.id",
            "k8s.ns.name",
            "k8s.pod.name",
            "proc.aexe[2]",
            "proc.aname[2]",
            "proc.cmdline",
            "proc.name",
            "proc.pcmdline",
            "proc.pexe",
            "proc.pname",
            "proc.tty",
            "user.name");

    private static final Set<String> WORDS = Set.of("and", "or", "not");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");
    private static final Pattern MEMBERSHIP = Pattern.compile(" in \\(([^)]*)\\)");
    private static final Pattern COMPARISON = Pattern.compile("(=|!=|startswith|endswith|contains) +[^ )]+");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_.]*(\\[[0-9]+\\])?");
    private static final Pattern OUTPUT_FIELD = Pattern.compile("%([a-z][a-z0-9_.]*[a-z0-9](\\[[0-9]+\\])?)");
    private static final Pattern SIGMA_FIELD = Pattern.compile("([a-z0-9_]+\\.[a-z0-9_.]+(?:\\[[0-9]\\])?)(\\|.*)?");

    private static final List<Map<?, ?>> ITEMS =
            SenderFiles.maps(SenderFiles.documents(SenderFiles.FOLDER.resolve("falco/rules.yaml"))
                    .get(0));

    @Test
    void useOnlyMacrosListsAndFieldsThatThereAre() {
        Set<String> macros = new HashSet<>(STOCK_MACROS);
        Set<String> lists = new HashSet<>(STOCK_LISTS);
        for (Map<?, ?> item : ITEMS) {
            String condition = (String) item.get("condition");
            if (condition != null) {
                String unquoted = QUOTED.matcher(condition).replaceAll("text");
                MEMBERSHIP
                        .matcher(unquoted)
                        .results()
                        .forEach(in -> assertThat(lists).contains(in.group(1).split(", *")));
                String rest = COMPARISON
                        .matcher(MEMBERSHIP.matcher(unquoted).replaceAll(" "))
                        .replaceAll(" ");
                assertThat(NAME.matcher(rest).results().map(MatchResult::group))
                        .as("%s", condition)
                        .allMatch(name -> name.contains(".")
                                ? FIELDS.contains(name)
                                : macros.contains(name) || WORDS.contains(name));
            }
            if (item.get("macro") instanceof String macro) {
                assertThat(item.containsKey("override")).isEqualTo(STOCK_MACROS.contains(macro));
                macros.add(macro);
            }
            if (item.get("list") instanceof String list) {
                assertThat(lists.add(list)).as("%s is no stock list", list).isTrue();
            }
            if (item.get("output") instanceof String output) {
                assertThat(OUTPUT_FIELD.matcher(output).results().map(field -> field.group(1)))
                        .isSubsetOf(FIELDS);
            }
        }
        assertThat(lists).contains("kordon_web_servers", "kordon_download_tools");
        assertThat(macros).contains("kordon_expected");
    }

    /** A field that an event does not carry makes a rule match less, and nobody would know. */
    @Test
    void carryEveryFieldThatASigmaRuleLooksAt() {
        Set<String> looked = new TreeSet<>();
        for (Path file : sigma()) {
            for (Object document : SenderFiles.documents(file)) {
                Map<?, ?> rule = (Map<?, ?>) document;
                if (rule.get("logsource") instanceof Map<?, ?> source && "falco".equals(source.get("product"))) {
                    collect(rule.get("detection"), looked);
                }
            }
        }
        List<Map<?, ?>> appended =
                SenderFiles.maps(SenderFiles.at(SenderFiles.document("falco/values.yaml"), "falco", "append_output"));
        List<String> fields = new ArrayList<>();
        ((List<?>) appended.get(0).get("extra_fields")).forEach(field -> fields.add((String) field));
        assertThat(looked).hasSizeGreaterThan(5).isSubsetOf(fields);
        assertThat(fields)
                .contains("k8s.ns.name", "k8s.pod.name", "k8s.pod.uid")
                .doesNotHaveDuplicates();
    }

    private static void collect(Object node, Set<String> fields) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                var field = SIGMA_FIELD.matcher((String) key);
                if (field.matches()) {
                    fields.add(field.group(1));
                }
                collect(value, fields);
            });
        } else if (node instanceof List<?> list) {
            list.forEach(each -> collect(each, fields));
        }
    }

    static List<Path> sigma() {
        try (Stream<Path> files = Files.list(Path.of("../rules"))) {
            return files.filter(file -> file.toString().endsWith(".yml"))
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
