package dev.dromedary.topic;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Queries a broker about a topic without side effects: it creates nothing unless asked to, and joins no group. */
public final class TopicInspector {

    /**
     * A process that reads a topic for a group.
     *
     * @param id   its client id
     * @param host its address as the broker sees it
     * @param ours whether that is this machine
     */
    public record Reader(String id, String host, boolean ours) {
    }

    private static final int ANSWER_WITHIN_SECONDS = 5;
    private static final int LAST_RECORDS = 20;
    private static final int MOST_REPLICAS = 3;

    private final Properties client;

    /** @param client the properties of a Kafka consumer */
    public TopicInspector(Properties client) {
        this.client = client(client);
    }

    /** {@return the properties of a client that only queries} */
    static Properties client(Properties of) {
        Properties client = new Properties();
        client.putAll(of);
        client.remove("group.id");
        client.remove("group.instance.id");
        client.remove("interceptor.classes");
        client.put("allow.auto.create.topics", "false");
        client.put("enable.auto.commit", "false");
        client.put("request.timeout.ms", "4000");
        client.put("default.api.timeout.ms", "5000");
        client.put("key.deserializer", ByteArrayDeserializer.class.getName());
        client.put("value.deserializer", ByteArrayDeserializer.class.getName());
        return client;
    }

    /**
     * {@return whether the topic exists}
     *
     * @throws KafkaException if that is unknown; {@link #cause} says why
     */
    public boolean isThere(String topic) throws InterruptedException {
        try (Admin admin = Admin.create(client)) {
            admin.describeTopics(List.of(topic)).allTopicNames().get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the broker does not answer", e);
        }
    }

    /**
     * Creates a topic with one partition, as the records of a mirror are in sequence anyway. Returns whether it did not exist.
     *
     * @throws KafkaException if it can't be created; {@link #cause} says why
     */
    public boolean create(String topic) throws InterruptedException {
        try (Admin admin = Admin.create(client)) {
            int brokers = admin.describeCluster().nodes().get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS).size();
            NewTopic made = new NewTopic(topic, Optional.of(1), Optional.of((short) Math.min(MOST_REPLICAS, brokers)))
                    .configs(Map.of("retention.ms", String.valueOf(TimeUnit.DAYS.toMillis(1))));
            admin.createTopics(List.of(made)).all().get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the broker does not answer", e);
        }
    }

    /** {@return the processes that read a topic for a group now} */
    public List<Reader> readers(String group, String topic) throws InterruptedException {
        try (Admin admin = Admin.create(client)) {
            return admin.describeConsumerGroups(List.of(group)).all().get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS).values().stream()
                    .flatMap(each -> each.members().stream())
                    .filter(member -> member.assignment().topicPartitions().stream().anyMatch(partition -> partition.topic().equals(topic)))
                    .map(member -> new Reader(member.clientId(), host(member.host()), isOurs(host(member.host())))).toList();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the broker does not answer", e);
        }
    }

    private static String host(String seen) {
        return seen.startsWith("/") ? seen.substring(1) : seen;
    }

    private static boolean isOurs(String host) {
        try {
            return NetworkInterface.getByInetAddress(InetAddress.getByName(host)) != null;
        } catch (UnknownHostException | SocketException e) {
            return false;
        }
    }

    /**
     * {@return the mirrors of the last records of a topic, and the number of records of each}
     * Records that are not in our format count for the mirror "".
     */
    public Map<String, Integer> mirrors(String topic) {
        Map<String, Integer> mirrors = new HashMap<>();
        for (byte[] record : last(topic)) {
            String mirror;
            try {
                mirror = ChangeRecord.read(new String(record, StandardCharsets.UTF_8)).mirror();
            } catch (IllegalArgumentException e) {
                mirror = "";
            }
            mirrors.merge(mirror, 1, Integer::sum);
        }
        return mirrors;
    }

    private List<byte[]> last(String topic) {
        List<byte[]> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(client)) {
            Collection<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition())).toList();
            Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            partitions.forEach(each -> consumer.seek(each, Math.max(begin.get(each), end.get(each) - LAST_RECORDS)));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_WITHIN_SECONDS);
            while (System.nanoTime() < deadline && partitions.stream().anyMatch(each -> consumer.position(each) < end.get(each))) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> {
                    if (record.value() != null) {
                        records.add(record.value());
                    }
                });
            }
        }
        return records;
    }

    /** {@return why a query has failed, with all causes} */
    public static String cause(Throwable failure) {
        return KafkaFailureCauses.of(failure);
    }
}
