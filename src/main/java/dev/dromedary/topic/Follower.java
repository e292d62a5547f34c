package dev.dromedary.topic;

import java.time.Duration;
import java.util.Properties;
import java.util.function.Consumer;

import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;

/**
 * Makes the consumers of an agent, which notice that they have missed something: a new one has no offset, and the offset of one
 * that was away longer than the topic keeps its records is out of range. Wants {@code autoOffsetReset=none}; with any other value
 * Kafka passes over what was missed without a word.
 */
public final class Follower extends DefaultKafkaClientFactory {

    private final Consumer<String> missed;

    /** @param missed is told why, in plain words, before anything that comes later is read */
    public Follower(Consumer<String> missed) {
        this.missed = missed;
    }

    @Override
    public org.apache.kafka.clients.consumer.Consumer<Object, Object> getConsumer(Properties properties) {
        return new Honest(properties);
    }

    private final class Honest extends KafkaConsumer<Object, Object> {

        Honest(Properties properties) {
            super(properties);
        }

        @Override
        public ConsumerRecords<Object, Object> poll(Duration timeout) {
            try {
                return super.poll(timeout);
            } catch (InvalidOffsetException e) {
                // from here on first, and then the whole tree: in the other order something could come between the two
                seekToEnd(e.partitions());
                e.partitions().forEach(this::position);
                missed.accept(e instanceof NoOffsetForPartitionException ? "nothing was read of the topic before"
                        : "the topic has lost records that were not read, as it keeps them for a time only");
                commitSync();
                return ConsumerRecords.empty();
            }
        }
    }
}
