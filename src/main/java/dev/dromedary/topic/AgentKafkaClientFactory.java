package dev.dromedary.topic;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the consumer of an agent, which detects missed records: a new consumer has no offset; the offset of one that was away longer than
 * the topic keeps its records is out of range; and another process of its group may have read on. It requires {@code autoOffsetReset=none};
 * with any other value Kafka skips missed records silently. It creates no topic: a misspelt name would then create an empty one.
 */
public final class AgentKafkaClientFactory extends DefaultKafkaClientFactory {

    private static final Logger LOG = LoggerFactory.getLogger(AgentKafkaClientFactory.class);
    private static final long ASK_AGAIN_AFTER_MILLIS = 5000;
    private static final long ASK_WHY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    /**
     * How long no record comes before those that have arrived are committed. A commit takes the processor and the broker as much time as a record does,
     * and what waits for it is the next record.
     */
    private static final Duration QUIET = Duration.ofMillis(50);
    /** While records come without a pause. What was not committed is read again after a crash. */
    private static final long COMMIT_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);
    // while a dead broker is waited for, nothing is polled that would notice it
    private static final Duration COMMIT_TURN = Duration.ofSeconds(2);

    private final SubscriptionHealth following;
    private final ForeignCommitDetector commits;
    private final Consumer<String> missed;
    private final Supplier<AgentReport> report;
    private Honest consumer;

    /**
     * @param following receives the health of the subscription
     * @param commits   the offsets that this process has committed
     * @param missed    receives the reason in plain words, before any later record is read
     * @param report    the status of this agent, for those that it pulls from; null if it is not known
     */
    AgentKafkaClientFactory(SubscriptionHealth following, ForeignCommitDetector commits, Consumer<String> missed, Supplier<AgentReport> report) {
        this.report = report;
        this.following = following;
        this.commits = commits;
        this.missed = missed;
    }

    /**
     * Creates a factory that keeps its offsets in the state folder.
     *
     * @param file the file that keeps the committed offsets between starts
     */
    public static AgentKafkaClientFactory of(SubscriptionHealth following, Path file, Consumer<String> missed, Supplier<AgentReport> report) {
        return new AgentKafkaClientFactory(following, new ForeignCommitDetector(file), missed, report);
    }

    @Override
    public org.apache.kafka.clients.consumer.Consumer<Object, Object> getConsumer(Properties properties) {
        properties.put("allow.auto.create.topics", "false");
        try {
            consumer = new Honest(properties);
            return consumer;
        } catch (KafkaException e) {
            following.failed(KafkaFailureCauses.of(e));
            throw e;
        }
    }

    /** Has everything that was read committed soon, by one of the next polls. To be called by the reading thread. */
    public void commit() {
        consumer.commitSoon();
    }

    private final class Honest extends KafkaConsumer<Object, Object> {

        private final TopicInspector look;
        private final String group;
        private String topic = "";
        private long askedNanos = System.nanoTime() - ASK_WHY_EVERY_NANOS;
        private boolean uncommitted;
        private long uncommittedNanos;

        Honest(Properties properties) {
            super(properties);
            look = new TopicInspector(properties);
            group = properties.getProperty("group.id");
        }

        @Override
        public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
            topic = String.join(",", topics);
            super.subscribe(topics, new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    listener.onPartitionsAssigned(partitions);
                    assigned(partitions);
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    listener.onPartitionsRevoked(partitions);
                }

                @Override
                public void onPartitionsLost(Collection<TopicPartition> partitions) {
                    listener.onPartitionsLost(partitions);
                }
            });
        }

        private void assigned(Collection<TopicPartition> partitions) {
            following.beginAnew();
            // partitions without an offset are reported by the poll
            boolean others = committed(Set.copyOf(partitions)).entrySet().stream()
                    .anyMatch(each -> each.getValue() != null && !commits.isOurs(each.getKey().toString(), each.getValue().offset()));
            if (others) {
                missed.accept("the topic was read on by another process of the group " + group + ", or by this one before it was killed");
            }
        }

        @Override
        public ConsumerRecords<Object, Object> poll(Duration timeout) {
            try {
                ConsumerRecords<Object, Object> records = uncommitted ? pollAndCommit(timeout) : super.poll(timeout);
                following.polled(!records.isEmpty() || isConnected(), !assignment().isEmpty());
                if (following.isLeftOut() && System.nanoTime() - askedNanos > ASK_WHY_EVERY_NANOS) {
                    askedNanos = System.nanoTime();
                    askWhy();
                }
                return records;
            } catch (InvalidOffsetException e) {
                // set the position first, then report the whole tree: in the other order a record could be lost between the two
                seekToEnd(e.partitions());
                e.partitions().forEach(this::position);
                missed.accept(e instanceof NoOffsetForPartitionException ? "nothing was read of the topic before"
                        : "the topic has lost records that were not read, because it keeps them only for a time");
                commitSoon();
            } catch (AuthenticationException | AuthorizationException | InvalidTopicException e) {
                following.failed(KafkaFailureCauses.of(e));
                pause();
            } catch (WakeupException | InterruptException e) {
                // it stops
                throw e;
            } catch (KafkaException e) {
                // Camel connects anew, and without this nobody would be told why
                following.failed(KafkaFailureCauses.of(e));
                throw e;
            }
            return ConsumerRecords.empty();
        }

        private void commitSoon() {
            uncommittedNanos = uncommitted ? uncommittedNanos : System.nanoTime();
            uncommitted = true;
        }

        private ConsumerRecords<Object, Object> pollAndCommit(Duration timeout) {
            if (System.nanoTime() - uncommittedNanos < COMMIT_AFTER_NANOS) {
                ConsumerRecords<Object, Object> more = super.poll(QUIET);
                if (!more.isEmpty()) {
                    return more;
                }
            }
            commitRead();
            return super.poll(timeout);
        }

        // what can't be committed now is committed by a later poll; if the group has a new member, the poll notices that
        private void commitRead() {
            AgentReport now = report.get();
            String said = now == null ? "" : now.text();
            try {
                Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
                for (TopicPartition each : assignment()) {
                    read.put(each, new OffsetAndMetadata(position(each, COMMIT_TURN), said));
                }
                commitSync(read, COMMIT_TURN);
                read.forEach((partition, offset) -> commits.told(partition.toString(), offset.offset()));
                uncommitted = false;
            } catch (InvalidOffsetException | TimeoutException | CommitFailedException | RebalanceInProgressException e) {
                LOG.debug("{}: it is not committed yet how far {} was read", group, topic, e);
            }
        }

        // uses connections of its own, while this one has nothing to do
        private void askWhy() {
            try {
                if (!look.isThere(topic)) {
                    following.leftOut("there is no such topic at the broker. Is its name right? Its source creates it if the broker allows"
                            + " that; otherwise create it: kafka-topics.sh --create", false);
                    return;
                }
                List<TopicInspector.Reader> readers = look.readers(group, topic);
                if (!readers.isEmpty()) {
                    boolean ours = readers.stream().allMatch(TopicInspector.Reader::ours);
                    String who = readers.stream().map(TopicInspector.Reader::host).distinct().collect(Collectors.joining(", "));
                    following.leftOut(ours ? "another process of this host reads it with groupId=" + group + "; this one takes over when that one"
                            + " is gone" : "a process at " + who + " reads it with groupId=" + group + ", and so this one gets nothing: give each"
                            + " host a groupId of its own", ours);
                }
            } catch (KafkaException e) {
                following.leftOut("the broker gives this process nothing to read, and does not say why (" + KafkaFailureCauses.of(e) + ")", false);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean isConnected() {
            return metrics().values().stream().filter(metric -> metric.metricName().name().equals("connection-count"))
                    .anyMatch(metric -> metric.metricValue() instanceof Number count && count.doubleValue() > 0);
        }

        @Override
        public void close() {
            commits.keep();
            super.close();
        }

        private static void pause() {
            try {
                Thread.sleep(ASK_AGAIN_AFTER_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
