package io.kordon.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of the catalogue, and says where existing ones differ from it. */
public final class TopicAdmin {
    private static final Duration VISIBLE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Admin admin;

    public TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /**
     * Creates what is missing. Existing topics are left as they are, but a different partition count is an error: keys
     * would not meet.
     *
     * @param replication replication factor; -1 takes the broker's default
     * @return names of the topics that were created
     * @throws IllegalStateException naming each topic whose partition count differs
     */
    public List<String> create(Topics topics, short replication) throws InterruptedException {
        List<String> created = createMissing(topics.all(), replication);
        checkPartitions(topics);
        return created;
    }

    /**
     * Creates what is missing of topics that are not in the catalogue. Existing ones are left as they are, partition count
     * included.
     *
     * @return names of the topics that were created
     */
    public List<String> createMissing(List<? extends Topic<?>> topics, short replication) throws InterruptedException {
        Set<String> existing = existing();
        List<String> created = new ArrayList<>();
        for (Topic<?> topic : topics) {
            if (!existing.contains(topic.name()) && create(topic, replication)) {
                created.add(topic.name());
            }
        }
        return created;
    }

    private Set<String> existing() throws InterruptedException {
        try {
            return admin.listTopics().names().get();
        } catch (ExecutionException e) {
            throw failed("list topics", e);
        }
    }

    private boolean create(Topic<?> topic, short replication) throws InterruptedException {
        NewTopic wanted = new NewTopic(topic.name(), topic.partitions(), replication).configs(topic.config());
        try {
            admin.createTopics(List.of(wanted)).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false; // another process of ours was faster
            }
            throw failed("create topic " + topic.name(), e);
        }
    }

    private void checkPartitions(Topics topics) throws InterruptedException {
        Map<String, TopicDescription> found =
                describe(topics.all().stream().map(Topic::name).toList());
        List<String> different = new ArrayList<>();
        for (Topic<?> topic : topics.all()) {
            TopicDescription actual = found.get(topic.name());
            if (actual != null && actual.partitions().size() != topic.partitions()) {
                different.add(topic.name() + " has " + actual.partitions().size() + " partitions, the catalogue says "
                        + topic.partitions());
            }
        }
        if (!different.isEmpty()) {
            throw new IllegalStateException("all topics need one partition count, or what belongs together is never"
                    + " joined: " + String.join("; ", different));
        }
    }

    /** Asks again while a broker has not heard of a topic that the controller has just created. */
    private Map<String, TopicDescription> describe(List<String> names) throws InterruptedException {
        long deadline = System.nanoTime() + VISIBLE.toNanos();
        while (true) {
            try {
                return admin.describeTopics(names).allTopicNames().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() - deadline > 0) {
                    throw failed("describe topics", e);
                }
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    private static IllegalStateException failed(String what, ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new IllegalStateException("could not " + what + ": " + cause.getMessage(), cause);
    }
}
