package io.kordon.app.config;

import io.kordon.kubernetes.ContainmentStep;
import io.kordon.kubernetes.ContainmentSteps;
import io.kordon.kubernetes.LabelSyntax;
import io.kordon.schemas.Topics;
import io.kordon.streams.response.Actions;
import io.kordon.streams.response.Budgets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Every key there is, with its default. Beside them, {@code kafka.*} and {@code registry.*} go to the clients as they are. */
public final class KordonSettings {
    public static final Setting<String> CLUSTER = Setting.text(
            "kordon.cluster",
            "default",
            "Name of the Kubernetes cluster whose events come in and whose pods are contained.");

    public static final Setting<String> TOPICS_PREFIX =
            Setting.text("kordon.topics.prefix", Topics.DEFAULT_PREFIX, "Before every topic's name, dot included.");
    public static final Setting<Integer> TOPICS_PARTITIONS = Setting.number(
            "kordon.topics.partitions", Topics.DEFAULT_PARTITIONS, 1, 10_000, "Partitions of every topic.");
    public static final Setting<Integer> TOPICS_REPLICATION = Setting.number(
            "kordon.topics.replication", -1, -1, 100, "Replicas of every topic; -1 takes the brokers' default.");

    public static final Setting<String> REGISTRY_URL =
            Setting.text("kordon.registry.url", "", "Address of the schema registry (Confluent's API).");

    public static final Setting<String> GATEWAY_HOST =
            Setting.text("kordon.gateway.host", "0.0.0.0", "Address that the gateway listens on.");
    public static final Setting<Integer> GATEWAY_PORT =
            Setting.number("kordon.gateway.port", 8080, 0, 65_535, "Port that the gateway listens on; 0 for any.");
    public static final Setting<Long> GATEWAY_MAX_BODY =
            Setting.size("kordon.gateway.max-body-size", "16MiB", "Largest request body, inflated or not.");
    public static final Setting<Duration> GATEWAY_ACKNOWLEDGE_TIMEOUT = Setting.duration(
            "kordon.gateway.acknowledge-timeout",
            "10s",
            "Longest wait for Kafka before a sender is told to come again.");
    public static final Setting<String> GATEWAY_TLS_CERTIFICATE = Setting.text(
            "kordon.gateway.tls.certificate",
            "",
            "PEM file with the gateway's certificate and those up to its authority; empty for plain HTTP.");
    public static final Setting<String> GATEWAY_TLS_KEY =
            Setting.text("kordon.gateway.tls.key", "", "PEM file with the certificate's key, not encrypted.");
    public static final Setting<String> GATEWAY_TLS_CLIENT_CA = Setting.text(
            "kordon.gateway.tls.client-ca", "", "PEM file with the authorities that senders' certificates are from.");
    public static final Setting<String> GATEWAY_TLS_CLIENT_AUTH = Setting.choice(
            "kordon.gateway.tls.client-auth",
            "",
            List.of("none", "request", "require"),
            "Whether a sender must show a certificate. Default: request where there is a client-ca, else none.");
    public static final Setting<String> GATEWAY_CREDENTIALS = Setting.text(
            "kordon.gateway.credentials",
            "",
            "YAML file of the senders that may post, and how each proves itself; empty lets anybody post.");

    public static final Setting<List<Path>> RULES_PATHS = Setting.paths(
            "kordon.rules.paths",
            "",
            "Sigma rules: files and folders, comma-separated. Default: rules/ of Kordon's home.");
    public static final Setting<String> RULES_PLACEHOLDERS = Setting.text(
            "kordon.rules.placeholders",
            "",
            "YAML file of what %placeholders% in rules stand for: a list of values by name.");
    public static final Setting<List<Path>> PLAYBOOKS_PATHS = Setting.paths(
            "kordon.playbooks.paths",
            "",
            "Playbooks: files and folders, comma-separated. Default: rules/playbooks/ of Kordon's home.");
    public static final Setting<String> STREAMS_APPLICATION_ID = Setting.text(
            "kordon.streams.application-id",
            "",
            "Kafka Streams application id; names its group and topics. Default: the topics' prefix and streams, as"
                    + " kordon-streams.");
    public static final Setting<String> STREAMS_STATE_DIR = Setting.text(
            "kordon.streams.state-dir", "data/streams", "Folder of the state stores; each instance needs its own.");
    public static final Setting<Integer> STREAMS_THREADS =
            Setting.number("kordon.streams.threads", 2, 1, 256, "Threads of this instance.");

    public static final Setting<Integer> STREAMS_STANDBYS = Setting.number(
            "kordon.streams.standbys", 0, 0, 10, "Copies of the state on other instances, for a quick takeover.");
    public static final Setting<Duration> STREAMS_COMMIT_INTERVAL = Setting.duration(
            "kordon.streams.commit-interval", "100ms", "How long a transaction stays open: the delay of exactly-once.");

    public static final Setting<Duration> GRACE_FALCO = Setting.duration(
            "kordon.time.grace-falco",
            "1m",
            "How late a Falco event may come and still be sure to change the outcome.");
    public static final Setting<Duration> GRACE_AUDIT =
            Setting.duration("kordon.time.grace-audit", "2m", "The same for audit events.");
    public static final Setting<Duration> GRACE_PROMETHEUS =
            Setting.duration("kordon.time.grace-prometheus", "5m", "The same for alerts.");
    public static final Setting<Duration> ALERT_HOLD = Setting.duration(
            "kordon.time.alert-hold", "5m", "How long an alert is taken to go on firing after its last notification.");
    public static final Setting<Duration> FUTURE_BOUND = Setting.duration(
            "kordon.time.future-bound", "1m", "How far a sender's clock may run ahead before its time is clamped.");
    public static final Setting<Duration> QUIET = Setting.duration(
            "kordon.time.quiet",
            "30m",
            "An incident closes after one to two of these without a match; more than twice the longest grace.");

    public static final Setting<Set<String>> STEPS_FALCO = Setting.steps(
            "kordon.guardrails.steps-falco",
            String.join(",", Actions.OF_PLAYBOOKS),
            "Steps that evidence of Falco may trigger; others wait for an approval, or for evidence that may.");
    public static final Setting<Set<String>> STEPS_AUDIT = Setting.steps(
            "kordon.guardrails.steps-audit", String.join(",", Actions.OF_PLAYBOOKS), "The same for audit events.");
    public static final Setting<Set<String>> STEPS_PROMETHEUS =
            Setting.steps("kordon.guardrails.steps-prometheus", "label,capture", "The same for alerts.");

    public static final Setting<Map<String, String>> RAW_FALCO = Setting.clusterOfTopic(
            "kordon.raw.falco-topics",
            "Topics of Falco's own JSON, comma-separated: TOPIC, or TOPIC=CLUSTER. Default: none.");
    public static final Setting<Map<String, String>> RAW_ALERTMANAGER = Setting.clusterOfTopic(
            "kordon.raw.alertmanager-topics",
            "Topics of Alertmanager's event recorder, comma-separated: TOPIC, or TOPIC=CLUSTER. Default: none.");
    public static final Setting<Map<String, String>> RAW_AUDIT = Setting.clusterOfTopic(
            "kordon.raw.audit-topics",
            "Topics of Kubernetes audit events in JSON, comma-separated: TOPIC, or TOPIC=CLUSTER. Default: none.");

    public static final Setting<Duration> GUARD_WINDOW = Setting.duration(
            "kordon.guardrails.window",
            "10m",
            "Stretch of time that the limits below are for. What is beyond one waits for an approval.");
    public static final Setting<Integer> GUARD_CLUSTER = Setting.number(
            "kordon.guardrails.max-per-cluster",
            Budgets.DEFAULT.perCluster(),
            Budgets.NO_LIMIT,
            Budgets.HIGHEST,
            "Incidents of one cluster that may be contained in a window without an approval; 0: none, -1: any number.");
    public static final Setting<Integer> GUARD_NAMESPACE = Setting.number(
            "kordon.guardrails.max-per-namespace",
            Budgets.DEFAULT.perNamespace(),
            Budgets.NO_LIMIT,
            Budgets.HIGHEST,
            "The same for each namespace.");
    public static final Setting<Integer> GUARD_OWNER = Setting.number(
            "kordon.guardrails.max-per-owner",
            Budgets.DEFAULT.perOwner(),
            Budgets.NO_LIMIT,
            Budgets.HIGHEST,
            "The same for each workload, as a Deployment; bare pods have none.");

    public static final Setting<String> KUBECONFIG = Setting.text(
            "kordon.kubernetes.kubeconfig",
            "",
            "kubeconfig file of the cluster. Default: the pod's own service account, else ~/.kube/config.");
    public static final Setting<List<String>> PROTECTED_NAMESPACES = Setting.list(
            "kordon.actuator.protected-namespaces",
            "kube-system,kube-public,kube-node-lease,kordon",
            "Namespaces whose pods are never touched.");
    public static final Setting<String> PROTECTED_LABEL = new Setting<>(
            "kordon.actuator.protected-label",
            "kordon.io/protected",
            false,
            "Label of namespaces that are never touched, and of pods that are contained only when somebody approves.",
            KordonSettings::labelKey);
    public static final Setting<String> OWN_NAMESPACE = Setting.text(
            "kordon.actuator.own-namespace",
            "",
            "Namespace of Kordon itself, never touched. Default: POD_NAMESPACE, else the pod's service account's.");
    public static final Setting<Integer> MIN_HEALTHY = Setting.number(
            "kordon.actuator.min-healthy",
            1,
            0,
            10_000,
            "Ready pods that a workload of more than one must keep, or containment waits for an approval; 0 for none.");
    public static final Setting<Duration> STEP_TIMEOUT = Setting.duration(
            "kordon.actuator.step-timeout", "2m", "Longest time for one step, where its playbook does not say.");
    public static final Setting<Set<String>> ACTUATOR_STEPS = new Setting<>(
            "kordon.actuator.steps",
            String.join(",", stepsOfTheActuator()),
            false,
            "Steps that this actuator carries out, comma-separated, or none; others are refused.",
            KordonSettings::stepsOfTheActuator);
    public static final Setting<Boolean> DRY_RUN =
            Setting.flag("kordon.actuator.dry-run", false, "Say what would be done, and do nothing.");

    public static final Setting<String> EVIDENCE_STORE = Setting.text(
            "kordon.evidence.store",
            "",
            "Where evidence is kept: a folder, file:///FOLDER or s3://BUCKET/PREFIX. Default: nowhere.");
    public static final Setting<String> EVIDENCE_S3_ENDPOINT =
            Setting.text("kordon.evidence.s3-endpoint", "", "Address of the S3 server; empty for Amazon's.");
    public static final Setting<String> EVIDENCE_S3_REGION = Setting.text(
            "kordon.evidence.s3-region", "", "Region of the bucket. Default: the environment's, as AWS_REGION.");
    public static final Setting<String> EVIDENCE_S3_ACCESS_KEY = Setting.secret(
            "kordon.evidence.s3-access-key", "Access key for S3; empty for the environment's credentials or role.");
    public static final Setting<String> EVIDENCE_S3_SECRET_KEY =
            Setting.secret("kordon.evidence.s3-secret-key", "Its secret key.");
    public static final Setting<Boolean> EVIDENCE_S3_PATH_STYLE = Setting.flag(
            "kordon.evidence.s3-path-style",
            false,
            "Name the bucket in the path, not in the host's name; most servers but Amazon's need it.");
    public static final Setting<String> EVIDENCE_LOCK_MODE = Setting.text(
            "kordon.evidence.lock-mode",
            "",
            "S3 object lock for all evidence: GOVERNANCE or COMPLIANCE; empty for none.");
    public static final Setting<Integer> EVIDENCE_LOCK_DAYS =
            Setting.number("kordon.evidence.lock-days", 365, 1, 36_500, "How long the object lock holds each object.");
    public static final Setting<String> EVIDENCE_SPOOL_DIR = Setting.text(
            "kordon.evidence.spool-dir",
            "data/evidence-spool",
            "Folder for bundles in the making, with room for twice the largest.");
    public static final Setting<Long> EVIDENCE_MAX_BUNDLE = Setting.size(
            "kordon.evidence.max-bundle-size", "1GiB", "Most bytes of one bundle; what is more is cut or left out.");
    public static final Setting<String> EVIDENCE_POD_CHECKPOINTS = Setting.text(
            "kordon.evidence.pod-checkpoint-destination",
            "",
            "Where kube-forensics, if installed, puts its checkpoints: its destination. Default: none are asked for.");

    public static final Setting<List<String>> ELASTICSEARCH_URLS =
            Setting.list("kordon.elasticsearch.urls", "", "Addresses of Elasticsearch, comma-separated.");
    public static final Setting<String> ELASTICSEARCH_USERNAME =
            Setting.text("kordon.elasticsearch.username", "", "User name for Elasticsearch; empty for none.");
    public static final Setting<String> ELASTICSEARCH_PASSWORD =
            Setting.secret("kordon.elasticsearch.password", "Its password.");
    public static final Setting<String> ELASTICSEARCH_API_KEY =
            Setting.secret("kordon.elasticsearch.api-key", "API key for Elasticsearch, in place of a user.");
    public static final Setting<String> ELASTICSEARCH_CA_FILE = Setting.text(
            "kordon.elasticsearch.ca-file",
            "",
            "PEM file with the authorities that Elasticsearch's certificate is from.");
    public static final Setting<String> ELASTICSEARCH_CERTIFICATE_FILE = Setting.text(
            "kordon.elasticsearch.certificate-file", "", "PEM file with the certificate to show to Elasticsearch.");
    public static final Setting<String> ELASTICSEARCH_KEY_FILE =
            Setting.text("kordon.elasticsearch.key-file", "", "PEM file with its key, in PKCS#8 and not encrypted.");
    public static final Setting<String> ELASTICSEARCH_INDEX_PREFIX =
            Setting.text("kordon.elasticsearch.index-prefix", "kordon-", "Before every index's name.");
    public static final Setting<String> ELASTICSEARCH_RETENTION = Setting.text(
            "kordon.elasticsearch.retention",
            "90d",
            "How long signals, commands, results and timelines are kept, as 90d or 12h; forever for ever.");
    public static final Setting<String> ELASTICSEARCH_RETENTION_SIGNALS =
            Setting.text("kordon.elasticsearch.retention-signals", "", "The same for signals alone. Default: as all.");
    public static final Setting<String> ELASTICSEARCH_RETENTION_COMMANDS = Setting.text(
            "kordon.elasticsearch.retention-commands", "", "The same for commands alone. Default: as all.");
    public static final Setting<String> ELASTICSEARCH_RETENTION_RESULTS =
            Setting.text("kordon.elasticsearch.retention-results", "", "The same for results alone. Default: as all.");
    public static final Setting<String> ELASTICSEARCH_RETENTION_TIMELINE = Setting.text(
            "kordon.elasticsearch.retention-timeline",
            "",
            "The same for timelines of incidents alone. Default: as all.");
    public static final Setting<String> ELASTICSEARCH_RETENTION_INCIDENTS = Setting.text(
            "kordon.elasticsearch.retention-incidents",
            "365d",
            "How long an incident is kept after its last evidence or its end, as 365d; forever for ever.");
    public static final Setting<Integer> ELASTICSEARCH_SHARDS =
            Setting.number("kordon.elasticsearch.shards", 1, 1, 1_024, "Primary shards of each index.");
    public static final Setting<Integer> ELASTICSEARCH_REPLICAS = Setting.number(
            "kordon.elasticsearch.replicas",
            -1,
            -1,
            100,
            "Replicas of each shard; -1 for one where there is a second node to hold it.");

    public static final Setting<String> KIBANA_URL = Setting.text(
            "kordon.kibana.url", "", "Address of Kibana, as https://kibana:5601, with its base path if it has one.");
    public static final Setting<String> KIBANA_USERNAME =
            Setting.text("kordon.kibana.username", "", "User name for Kibana; empty for none.");
    public static final Setting<String> KIBANA_PASSWORD = Setting.secret("kordon.kibana.password", "Its password.");
    public static final Setting<String> KIBANA_API_KEY =
            Setting.secret("kordon.kibana.api-key", "API key for Kibana in its encoded form, in place of a user.");
    public static final Setting<String> KIBANA_CA_FILE = Setting.text(
            "kordon.kibana.ca-file", "", "PEM file with the authorities that Kibana's certificate is from.");
    public static final Setting<String> KIBANA_SPACE =
            Setting.text("kordon.kibana.space", "", "Id of the space to import into; empty for the default one.");

    public static final Setting<String> CONNECT_GROUP = Setting.text(
            "kordon.connect.group-id",
            "kordon-connect",
            "Group of the Connect workers; names their internal topics too.");
    public static final Setting<String> CONNECT_HOST =
            Setting.text("kordon.connect.host", "127.0.0.1", "Address of Connect's own REST API.");
    public static final Setting<Integer> CONNECT_PORT =
            Setting.number("kordon.connect.port", 8083, 0, 65_535, "Port of Connect's own REST API; 0 for any.");
    public static final Setting<String> CONNECT_ADVERTISED_HOST = Setting.text(
            "kordon.connect.advertised-host",
            "",
            "Host by which other workers reach this one's REST API. Default: kordon.connect.host; for 0.0.0.0 POD_IP,"
                    + " else the machine's address.");
    public static final Setting<Integer> CONNECT_TASKS =
            Setting.number("kordon.connect.tasks", 2, 1, 1_000, "Tasks of the Elasticsearch sink.");

    public static final Setting<String> METRICS_HOST = Setting.text(
            "kordon.metrics.host",
            "0.0.0.0",
            "Address of every process's /livez, /readyz and /metrics, in plain HTTP.");
    public static final Setting<Integer> METRICS_PORT =
            Setting.number("kordon.metrics.port", 9090, 0, 65_535, "Port of /livez, /readyz and /metrics; 0 for any.");

    public static final Setting<Duration> SHUTDOWN_DELAY = Setting.duration(
            "kordon.shutdown.delay",
            "0s",
            "How long a process that is asked to stop says so at /readyz and works on, for whoever balances load.");
    public static final Setting<Duration> SHUTDOWN_TIMEOUT = Setting.duration(
            "kordon.shutdown.timeout",
            "25s",
            "Longest time from being asked to stop to the end, the delay included; then it ends as it is.");

    /** In the order of this class. */
    public static final List<Setting<?>> ALL = List.of(
            CLUSTER,
            TOPICS_PREFIX,
            TOPICS_PARTITIONS,
            TOPICS_REPLICATION,
            REGISTRY_URL,
            GATEWAY_HOST,
            GATEWAY_PORT,
            GATEWAY_MAX_BODY,
            GATEWAY_ACKNOWLEDGE_TIMEOUT,
            GATEWAY_TLS_CERTIFICATE,
            GATEWAY_TLS_KEY,
            GATEWAY_TLS_CLIENT_CA,
            GATEWAY_TLS_CLIENT_AUTH,
            GATEWAY_CREDENTIALS,
            RULES_PATHS,
            RULES_PLACEHOLDERS,
            PLAYBOOKS_PATHS,
            STREAMS_APPLICATION_ID,
            STREAMS_STATE_DIR,
            STREAMS_THREADS,
            STREAMS_STANDBYS,
            STREAMS_COMMIT_INTERVAL,
            GRACE_FALCO,
            GRACE_AUDIT,
            GRACE_PROMETHEUS,
            ALERT_HOLD,
            FUTURE_BOUND,
            QUIET,
            STEPS_FALCO,
            STEPS_AUDIT,
            STEPS_PROMETHEUS,
            RAW_FALCO,
            RAW_ALERTMANAGER,
            RAW_AUDIT,
            GUARD_WINDOW,
            GUARD_CLUSTER,
            GUARD_NAMESPACE,
            GUARD_OWNER,
            KUBECONFIG,
            PROTECTED_NAMESPACES,
            PROTECTED_LABEL,
            OWN_NAMESPACE,
            MIN_HEALTHY,
            STEP_TIMEOUT,
            ACTUATOR_STEPS,
            DRY_RUN,
            EVIDENCE_STORE,
            EVIDENCE_S3_ENDPOINT,
            EVIDENCE_S3_REGION,
            EVIDENCE_S3_ACCESS_KEY,
            EVIDENCE_S3_SECRET_KEY,
            EVIDENCE_S3_PATH_STYLE,
            EVIDENCE_LOCK_MODE,
            EVIDENCE_LOCK_DAYS,
            EVIDENCE_SPOOL_DIR,
            EVIDENCE_MAX_BUNDLE,
            EVIDENCE_POD_CHECKPOINTS,
            ELASTICSEARCH_URLS,
            ELASTICSEARCH_USERNAME,
            ELASTICSEARCH_PASSWORD,
            ELASTICSEARCH_API_KEY,
            ELASTICSEARCH_CA_FILE,
            ELASTICSEARCH_CERTIFICATE_FILE,
            ELASTICSEARCH_KEY_FILE,
            ELASTICSEARCH_INDEX_PREFIX,
            ELASTICSEARCH_RETENTION,
            ELASTICSEARCH_RETENTION_SIGNALS,
            ELASTICSEARCH_RETENTION_COMMANDS,
            ELASTICSEARCH_RETENTION_RESULTS,
            ELASTICSEARCH_RETENTION_TIMELINE,
            ELASTICSEARCH_RETENTION_INCIDENTS,
            ELASTICSEARCH_SHARDS,
            ELASTICSEARCH_REPLICAS,
            KIBANA_URL,
            KIBANA_USERNAME,
            KIBANA_PASSWORD,
            KIBANA_API_KEY,
            KIBANA_CA_FILE,
            KIBANA_SPACE,
            CONNECT_GROUP,
            CONNECT_HOST,
            CONNECT_PORT,
            CONNECT_ADVERTISED_HOST,
            CONNECT_TASKS,
            METRICS_HOST,
            METRICS_PORT,
            SHUTDOWN_DELAY,
            SHUTDOWN_TIMEOUT);

    private KordonSettings() {}

    private static Set<String> stepsOfTheActuator() {
        return ContainmentSteps.all().stream()
                .map(ContainmentStep::action)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> stepsOfTheActuator(String text) {
        Set<String> steps = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(step -> !step.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        if (steps.equals(Set.of("none"))) {
            return Set.of();
        }
        if (steps.isEmpty() || !stepsOfTheActuator().containsAll(steps)) {
            throw new IllegalArgumentException("use some of " + stepsOfTheActuator() + ", comma-separated, or none");
        }
        return steps;
    }

    private static String labelKey(String text) {
        String problem = LabelSyntax.problem(text, "");
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return text;
    }
}
