package dev.dromedary.topic;

import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;

import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Makes the consumer of an agent, which notices that it has missed something: a new one has no offset, and the offset of one
 * that was away longer than the topic keeps its records is out of range. Wants {@code autoOffsetReset=none}; with any other value
 * Kafka passes over what was missed without a word.
 */
public final class Follower extends DefaultKafkaClientFactory {

    private static final long ASK_AGAIN_AFTER_MILLIS = 5000;

    private final Following following;
    private final Consumer<String> missed;
    private Honest consumer;

    /**
     * @param following is told whether the broker can be reached
     * @param missed    is told why, in plain words, before anything that comes later is read
     */
    public Follower(Following following, Consumer<String> missed) {
        this.following = following;
        this.missed = missed;
    }

    @Override
    public org.apache.kafka.clients.consumer.Consumer<Object, Object> getConsumer(Properties properties) {
        try {
            consumer = new Honest(properties);
            return consumer;
        } catch (KafkaException e) {
            following.failed(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
            throw e;
        }
    }

    /** Tells the broker that all that was read is done with; to be called by the thread that reads. */
    public void commit() {
        consumer.commitSync();
    }

    private final class Honest extends KafkaConsumer<Object, Object> {

        Honest(Properties properties) {
            super(properties);
        }

        @Override
        public ConsumerRecords<Object, Object> poll(Duration timeout) {
            try {
                ConsumerRecords<Object, Object> records = super.poll(timeout);
                following.connected(!records.isEmpty() || isConnected());
                return records;
            } catch (InvalidOffsetException e) {
                // from here on first, and then the whole tree: in the other order something could come between the two
                seekToEnd(e.partitions());
                e.partitions().forEach(this::position);
                missed.accept(e instanceof NoOffsetForPartitionException ? "nothing was read of the topic before"
                        : "the topic has lost records that were not read, because it keeps them only for a time");
                commitSync();
            } catch (AuthenticationException | AuthorizationException e) {
                following.failed(e.getMessage());
                pause();
            }
            return ConsumerRecords.empty();
        }

        private boolean isConnected() {
            return metrics().values().stream().filter(metric -> metric.metricName().name().equals("connection-count"))
                    .anyMatch(metric -> metric.metricValue() instanceof Number count && count.doubleValue() > 0);
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
