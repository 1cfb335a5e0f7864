package io.kordon.app.access;

import io.kordon.app.config.Settings;
import io.kordon.app.process.SettingsOptions;
import io.kordon.app.terminal.PlainJson;
import io.kordon.app.terminal.Screen;
import io.kordon.app.terminal.Table;
import io.kordon.app.terminal.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.SecurityUtils;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what each process needs to be allowed in Kafka, or allows it. */
@Command(
        name = "acls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Show what Kafka's authorizer has to allow to each process and to people: exactly that, and no more.",
            "Needs no broker but for --apply. Names follow the settings: kordon.topics.prefix, kordon.cluster,"
                    + " kordon.raw.*, kordon.streams.application-id, kordon.connect.group-id."
        })
public final class AclsCommand implements Callable<Integer> {
    private static final String ROLE = "{role}";

    @Parameters(
            arity = "0..*",
            paramLabel = "ROLE",
            description = "topics, gateway, streams, inventory, actuator, connect, analyst, rule-author or"
                    + " playbook-author. Default: all of them.")
    private List<String> roles = new ArrayList<>();

    @Option(
            names = "--principal",
            paramLabel = "TYPE:NAME",
            defaultValue = "User:kordon-" + ROLE,
            description = "Who; " + ROLE + " stands for the role. Default: ${DEFAULT-VALUE}")
    private String principal = "";

    @ArgGroup
    private Output output = new Output();

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it
    private CommandSpec spec;

    /** One of them. */
    private static final class Output {
        @Option(names = "--commands", description = "Print arguments for Kafka's kafka-acls.sh, a line each.")
        private boolean commands;

        @Option(names = "--json", description = "Print an object a line.")
        private boolean json;

        @Option(
                names = "--apply",
                description = "Add to the brokers' ACLs what they lack, as a user who may; takes nothing away.")
        private boolean apply;
    }

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = options.load();
        if (options.print()) {
            settings.describe().forEach(spec.commandLine().getOut()::println);
            return 0;
        }
        List<Role> wanted = wanted();
        Installation installation = Installation.of(settings);
        if (output.apply) {
            apply(settings, wanted, installation);
        } else {
            show(wanted, installation);
        }
        spec.commandLine().getOut().flush();
        return 0;
    }

    private List<Role> wanted() {
        try {
            return roles.isEmpty()
                    ? List.of(Role.values())
                    : roles.stream().map(Role::of).distinct().toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private String principal(Role role) {
        String named = principal.replace(ROLE, role.spelling());
        try {
            KafkaPrincipal parsed = SecurityUtils.parseKafkaPrincipal(named);
            return parsed.toString();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "'" + named + "' is no principal: write it as User:NAME");
        }
    }

    private void show(List<Role> wanted, Installation installation) {
        Screen screen = new Screen(spec.commandLine().getOut());
        Table table = new Table(
                new Column("PRINCIPAL", 200),
                new Column("RESOURCE", 20),
                new Column("NAME", 260),
                new Column("OPERATIONS", 100));
        for (Role role : wanted) {
            String who = principal(role);
            for (Grant grant : Grants.of(role, installation)) {
                if (output.commands) {
                    screen.line(grant.command(who));
                } else if (output.json) {
                    screen.line(json(role, who, grant));
                } else {
                    table.row(
                            who,
                            Grant.camel(grant.type().name()),
                            grant.resource(),
                            String.join(", ", grant.spelledOperations()));
                }
            }
        }
        if (!output.commands && !output.json) {
            screen.lines(table.lines());
        }
    }

    private static String json(Role role, String principal, Grant grant) {
        return PlainJson.line(Map.of(
                "role",
                role.spelling(),
                "principal",
                principal,
                "resource",
                Grant.camel(grant.type().name()),
                "name",
                grant.name(),
                "pattern",
                Grant.camel(grant.pattern().name()),
                "operations",
                List.copyOf(grant.spelledOperations())));
    }

    private void apply(Settings settings, List<Role> wanted, Installation installation) throws InterruptedException {
        settings.require();
        List<AclBinding> bindings = wanted.stream()
                .flatMap(role ->
                        Grants.of(role, installation).stream().flatMap(grant -> grant.bindings(principal(role))))
                .toList();
        Map<String, Object> kafka = SettingsOptions.kafka(settings);
        kafka.putIfAbsent("default.api.timeout.ms", "20000");
        kafka.putIfAbsent("request.timeout.ms", "10000");
        try (Admin admin = Admin.create(kafka)) {
            admin.createAcls(bindings).all().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("Kafka does not take the ACLs: " + cause.getMessage(), cause);
        }
        new Screen(spec.commandLine().getOut())
                .line(bindings.size() + " ACLs are in force for "
                        + String.join(
                                ", ",
                                wanted.stream().map(this::principal).distinct().toList()));
    }
}
