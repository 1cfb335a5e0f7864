package io.kordon.app.access;

import static io.kordon.app.access.Grant.group;
import static io.kordon.app.access.Grant.topic;
import static io.kordon.app.access.Grant.transactionalId;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.kordon.app.connect.ConnectConfig;
import io.kordon.avro.Rule;
import io.kordon.kubernetes.Actuator;
import io.kordon.schemas.Topic;
import io.kordon.schemas.Topics;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** The catalogue: exactly what each role needs of Kafka, held to by a run of the whole pipeline against a real authorizer. */
public final class Grants {
    private Grants() {}

    public static List<Grant> of(Role role, Installation installation) {
        Topics topics = installation.topics();
        return switch (role) {
            case TOPICS ->
                Stream.concat(topics.all().stream().map(Topic::name), installation.rawTopics().stream())
                        .map(name -> topic(name, CREATE, DESCRIBE))
                        .toList();
            case GATEWAY ->
                each(
                        Set.of(WRITE),
                        topics.falcoEvents(),
                        topics.prometheusEvents(),
                        topics.auditEvents(),
                        topics.rejected());
            case STREAMS -> streams(installation);
            case INVENTORY -> each(Set.of(READ, WRITE), topics.pods());
            case ACTUATOR ->
                concat(Stream.of(
                        each(Set.of(READ), topics.commands()),
                        each(Set.of(WRITE), topics.results(), topics.rejected()),
                        List.of(group(Actuator.group(topics, installation.cluster())))));
            case CONNECT -> connect(installation);
            case ANALYST ->
                concat(Stream.of(each(Set.of(READ), topics.incidents()), each(Set.of(WRITE), topics.decisions())));
            case RULE_AUTHOR -> author(topics.rules());
            case PLAYBOOK_AUTHOR -> author(topics.playbooks());
        };
    }

    private static List<Grant> streams(Installation installation) {
        Topics topics = installation.topics();
        String internal = installation.applicationId() + "-";
        // What senders write to Kafka themselves, the streams write on as events.
        Set<AclOperation> events = installation.rawTopics().isEmpty() ? Set.of(READ) : Set.of(READ, WRITE);
        return concat(Stream.of(
                installation.rawTopics().stream().map(name -> topic(name, READ)).toList(),
                each(events, topics.falcoEvents(), topics.prometheusEvents(), topics.auditEvents()),
                each(Set.of(READ), topics.pods(), topics.rules(), topics.playbooks(), topics.decisions()),
                each(Set.of(READ, WRITE), topics.identities(), topics.signals(), topics.results()),
                each(Set.of(WRITE), topics.incidents(), topics.commands(), topics.rejected()),
                // Changelogs and repartition topics: the streams make them, and cut off what they are done with.
                List.of(
                        new Grant(
                                ResourceType.TOPIC,
                                PatternType.PREFIXED,
                                internal,
                                Set.of(CREATE, READ, WRITE, DELETE)),
                        group(installation.applicationId()),
                        transactionalId(PatternType.PREFIXED, internal))));
    }

    private static List<Grant> connect(Installation installation) {
        Topics topics = installation.topics();
        String internal = installation.connectInternal();
        return concat(Stream.of(
                each(Set.of(READ), topics.incidents(), topics.signals(), topics.commands(), topics.results()),
                // Only sources have offsets to write there; Connect reads them all the same.
                List.of(
                        topic(internal + "-configs", CREATE, READ, WRITE, DESCRIBE_CONFIGS),
                        topic(internal + "-offsets", CREATE, READ, DESCRIBE_CONFIGS),
                        topic(internal + "-status", CREATE, READ, WRITE, DESCRIBE_CONFIGS),
                        topic(ConnectConfig.deadLetters(topics.prefix()), CREATE, WRITE),
                        group(internal),
                        group(ConnectConfig.SINK_GROUP))));
    }

    private static List<Grant> author(Topic<Rule> documents) {
        return List.of(
                topic(documents.name(), READ, WRITE),
                transactionalId(PatternType.LITERAL, documents.name() + "-publisher"));
    }

    private static List<Grant> each(Set<AclOperation> operations, Topic<?>... topics) {
        return Stream.of(topics)
                .map(topic -> new Grant(ResourceType.TOPIC, PatternType.LITERAL, topic.name(), operations))
                .toList();
    }

    private static List<Grant> concat(Stream<List<Grant>> parts) {
        return parts.flatMap(List::stream).toList();
    }
}
