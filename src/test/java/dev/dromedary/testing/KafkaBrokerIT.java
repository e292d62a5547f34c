package dev.dromedary.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The tests of what goes through Kafka are worth what this broker is. */
class KafkaBrokerIT {

    @AutoClose
    private final Scratch scratch = Scratch.create();

    private final KafkaBroker broker = KafkaBroker.start(scratch);

    @Test
    void a_broker_goes_and_comes_back_at_the_same_port_with_what_it_had() {
        broker.createTopic("t", 1, Map.of("retention.ms", "60000"));
        assertThat(broker.endOffset("t")).isZero();
        send("1");
        String bootstrap = broker.bootstrap();

        broker.restart();
        assertThat(broker.bootstrap()).isEqualTo(bootstrap);
        send("2");
        broker.kill();
        assertThat(FreePort.accepts(broker.port())).isFalse();
        broker.start();
        send("3");

        assertThat(values("t")).containsExactly("1", "2", "3");
        assertThat(broker.endOffset("t")).isEqualTo(3);
        assertThat(broker.output()).doesNotContain("ERROR");
    }

    @Test
    void records_go_as_if_they_were_too_old_and_what_a_group_has_read_is_known() {
        broker.createTopic("t", 1, Map.of());
        send("1", "2", "3");
        broker.deleteRecordsBefore("t", 2);
        assertThat(values("t")).containsExactly("3");
        assertThat(broker.endOffset("t")).isEqualTo(3);

        assertThat(broker.committed("g", "t")).isEmpty();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", broker.bootstrap(),
                "group.id", "g", "auto.offset.reset", "earliest"), new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            for (int polls = 0; polls < 30 && consumer.poll(Duration.ofSeconds(1)).isEmpty(); polls++) {
                assertThat(broker.committed("g", "t")).isEmpty();
            }
            consumer.commitSync();
        }
        assertThat(broker.committed("g", "t")).hasValue(3);
    }

    @Test
    void records_of_one_key_are_in_one_partition() {
        broker.createTopic("t", 3, Map.of());
        for (int i = 0; i < 12; i++) {
            broker.send("t", "key " + i % 6, new byte[] {(byte) i});
        }

        Map<String, List<Integer>> partitions = broker.records("t").stream()
                .collect(Collectors.groupingBy(ConsumerRecord::key, Collectors.mapping(ConsumerRecord::partition, Collectors.toList())));
        assertThat(partitions).hasSize(6)
                .allSatisfy((key, all) -> assertThat(all).hasSize(2).containsOnly(all.get(0)));
        assertThatThrownBy(() -> broker.createTopic("t", 1, Map.of())).hasRootCauseMessage("Topic 't' already exists.");
    }

    private void send(String... values) {
        for (String value : values) {
            broker.send("t", "key", value.getBytes(StandardCharsets.UTF_8));
        }
    }

    private List<String> values(String topic) {
        return broker.records(topic).stream().map(record -> new String(record.value(), StandardCharsets.UTF_8)).toList();
    }
}
