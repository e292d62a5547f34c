package dev.dromedary.topic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.dromedary.clock.SteadyClock;
import org.apache.camel.ExchangeProperty;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps track of the agents that follow a topic published here, by what their consumer groups have committed to the broker. The broker
 * forgets a group without readers after a week (offsets.retention.minutes). One thread polls, others read.
 */
public final class Agents {

    /**
     * An agent.
     *
     * @param group    its groupId
     * @param report   its last report; null if its version sends none
     * @param lastSeen when its last report arrived, by {@link SteadyClock} on this side
     * @param silent   whether its report is overdue
     * @param behind   how many records it has not read
     */
    public record Agent(String group, AgentReport report, long lastSeen, boolean silent, long behind) {

        /** {@return the age of its oldest pending change, as far as is known; for a silent agent, plus the time since it was last seen} */
        public double lagSeconds() {
            double silence = silent ? (SteadyClock.millis() - lastSeen) / 1000.0 : 0;
            return (report == null ? 0 : report.lagSeconds()) + silence;
        }

        /** {@return its state as a single word} */
        public String state() {
            return silent ? "silent" : report == null ? "unknown" : report.state();
        }
    }

    private record Seen(String said, long millis) {
    }

    private static final Logger LOG = LoggerFactory.getLogger(Agents.class);
    private static final int ANSWER_WITHIN_SECONDS = 10;
    private static final int HEARTBEATS = 3;
    private static final long BETWEEN_MILLIS = 10_000;

    private final String mirror;
    private final String topic;
    private final Supplier<Properties> client;
    private final Map<String, Seen> seen = new HashMap<>();
    private volatile List<Agent> all = List.of();
    private volatile String fault;
    private volatile Runnable listener = () -> { };

    /**
     * @param mirror its name in the topic
     * @param topic  the name of the topic
     * @param client the properties of a Kafka consumer; requested for each poll
     */
    public Agents(String mirror, String topic, Supplier<Properties> client) {
        this.mirror = mirror;
        this.topic = topic;
        this.client = client;
    }

    /** {@return the known agents, sorted by name} */
    public List<Agent> all() {
        return all;
    }

    /** {@return why their status is unknown, in plain words; null if it is known} */
    public String fault() {
        return fault;
    }

    /** Sets a listener that runs after each poll. */
    public void onLook(Runnable what) {
        listener = what;
    }

    /**
     * Queries the broker.
     *
     * @param everyMillis the interval between heartbeats; an agent reports its status with each of them
     */
    public void look(@ExchangeProperty(HeartbeatWriter.EVERY) long everyMillis) throws InterruptedException {
        long silentAfter = everyMillis * HEARTBEATS + BETWEEN_MILLIS;
        try (Admin admin = Admin.create(TopicInspector.client(client.get()))) {
            Set<TopicPartition> partitions = get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                    .map(each -> new TopicPartition(topic, each.partition())).collect(Collectors.toSet());
            Map<TopicPartition, Long> ends = new HashMap<>();
            get(admin.listOffsets(partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()))).all())
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            Map<String, ListConsumerGroupOffsetsSpec> asked = new HashMap<>();
            for (ConsumerGroupListing group : get(admin.listConsumerGroups().valid())) {
                asked.put(group.groupId(), new ListConsumerGroupOffsetsSpec().topicPartitions(partitions));
            }
            List<Agent> found = new ArrayList<>();
            ListConsumerGroupOffsetsResult told = admin.listConsumerGroupOffsets(asked);
            for (String group : asked.keySet()) {
                Agent agent = agent(group, get(told.partitionsToOffsetAndMetadata(group)), ends, silentAfter);
                if (agent != null) {
                    found.add(agent);
                }
            }
            seen.keySet().retainAll(asked.keySet());
            found.sort(Comparator.comparing(Agent::group));
            all = List.copyOf(found);
            known(null);
        } catch (KafkaException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                // nobody follows it, and the publisher reports that
                all = List.of();
                return;
            }
            known("the broker does not say how the agents stand: " + KafkaFailureCauses.of(e));
        }
        listener.run();
    }

    private void known(String why) {
        if (why != null && fault == null) {
            LOG.warn("{}: {}. It is asked again", mirror, why);
        }
        fault = why;
    }

    private Agent agent(String group, Map<TopicPartition, OffsetAndMetadata> told, Map<TopicPartition, Long> ends, long silentAfter) {
        String said = "";
        AgentReport report = null;
        long behind = 0;
        boolean follows = false;
        for (Map.Entry<TopicPartition, OffsetAndMetadata> each : told.entrySet()) {
            if (each.getValue() == null) {
                continue;
            }
            follows = true;
            behind += Math.max(0, ends.getOrDefault(each.getKey(), 0L) - each.getValue().offset());
            said += each.getValue().offset() + each.getValue().metadata();
            AgentReport one = AgentReport.read(each.getValue().metadata());
            report = one != null && (report == null || one.at().isAfter(report.at())) ? one : report;
        }
        // a topic may have several mirrors
        if (!follows || report != null && !report.mirror().equals(mirror)) {
            return null;
        }
        Seen before = seen.get(group);
        if (before == null || !before.said.equals(said)) {
            seen.put(group, new Seen(said, before == null && report != null ? SteadyClock.past(report.at()) : SteadyClock.millis()));
        }
        long last = seen.get(group).millis;
        return new Agent(group, report, last, SteadyClock.millis() - last > silentAfter, behind);
    }

    private static <T> T get(Future<T> answer) throws InterruptedException {
        try {
            return answer.get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the broker does not answer", e);
        }
    }
}
