#!/bin/sh
# A topic is deleted and made again under its name while a consumer is on it. The consumer takes the position that it had in the old one for one
# in the new: at position 5, with eight new records, it gets the last three, and auto.offset.reset, be it earliest or none, hears of nothing,
# as 5 is in range. With assign() that is all it ever gets, and so it is with subscribe() and group.protocol=classic, unless it polled in the
# moment in which the topic was not there. With group.protocol=consumer the first five come afterwards: 5, 6, 7, 0, 1, 2, 3, 4, so the
# order in a partition does not hold. Broker and clients know the topic by its id, which is another one.
#
# Seen with kafka-clients and broker 4.1.1 (KRaft). The guess was that the id tells the consumer, which then goes by auto.offset.reset.
# Wants java with its compiler, mvn and the network; takes a minute and a download of 120 MB, and two free ports on loopback.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || { kill -9 "$broker" 2>/dev/null; wait "$broker" 2>/dev/null; } || :; rm -rf "$folder"' EXIT
path=$("$here/class-path-of" "$folder/jars" org.apache.kafka:kafka_2.13:4.1.1 org.slf4j:slf4j-nop:1.7.36)

cat >"$folder/Ports.java" <<'END'
class Ports {
    public static void main(String[] none) throws Exception {
        try (var one = new java.net.ServerSocket(0); var two = new java.net.ServerSocket(0)) {
            System.out.println(one.getLocalPort() + " " + two.getLocalPort());
        }
    }
}
END
cat >"$folder/Again.java" <<'END'
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

class Again {
    static String servers;
    static Admin admin;

    public static void main(String[] arguments) throws Exception {
        servers = arguments[0];
        admin = Admin.create(Map.of("bootstrap.servers", servers));
        for (String protocol : List.of("classic", "consumer")) {
            for (String by : List.of("assign", "subscribe")) {
                System.out.println(protocol + " " + by + ": " + read(protocol, by));
            }
        }
        System.exit(0);
    }

    // the offsets that come after the topic was made anew
    static List<Long> read(String protocol, String by) throws Exception {
        String topic = protocol + "-" + by;
        make(topic);
        put(topic, 5);
        try (Consumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", servers, "group.protocol", protocol,
                "group.id", topic, "auto.offset.reset", "earliest", "enable.auto.commit", "false"),
                new StringDeserializer(), new StringDeserializer())) {
            if (by.equals("assign")) {
                consumer.assign(List.of(new TopicPartition(topic, 0)));
            } else {
                consumer.subscribe(List.of(topic));
            }
            List<Long> first = poll(consumer, 5, 20);
            if (first.size() != 5) {
                throw new IllegalStateException("of the old topic " + first + " came");
            }
            admin.deleteTopics(List.of(topic)).all().get(20, TimeUnit.SECONDS);
            make(topic);
            put(topic, 8);
            // what is going to come has come by then: it is refreshed each second
            List<Long> come = poll(consumer, Integer.MAX_VALUE, 8);
            return new ArrayList<>(new LinkedHashSet<>(come));
        }
    }

    static List<Long> poll(Consumer<String, String> consumer, int most, int seconds) {
        List<Long> offsets = new ArrayList<>();
        for (long end = System.nanoTime() + seconds * 1_000_000_000L; System.nanoTime() < end && offsets.size() < most;) {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> offsets.add(record.offset()));
        }
        return offsets;
    }

    // the name may still be taken for a moment
    static void make(String topic) throws Exception {
        for (int attempt = 0;; attempt++) {
            try {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(20, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (attempt == 100) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    static void put(String topic, int records) throws Exception {
        try (Producer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", servers), new StringSerializer(),
                new StringSerializer())) {
            for (int record = 0; record < records; record++) {
                producer.send(new ProducerRecord<>(topic, "record")).get(20, TimeUnit.SECONDS);
            }
        }
    }
}
END
javac -cp "$path" -d "$folder" "$folder/Ports.java" "$folder/Again.java"
ports=$(java -cp "$folder" Ports)
cat >"$folder/server.properties" <<END
process.roles = broker,controller
node.id = 1
controller.quorum.voters = 1@127.0.0.1:${ports#* }
listeners = BROKER://127.0.0.1:${ports% *},CONTROLLER://127.0.0.1:${ports#* }
listener.security.protocol.map = BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name = BROKER
controller.listener.names = CONTROLLER
log.dirs = $folder/data
log.cleaner.dedupe.buffer.size = 2097152
offsets.topic.num.partitions = 1
offsets.topic.replication.factor = 1
group.initial.rebalance.delay.ms = 0
END
timeout 60 java -cp "$path" kafka.tools.StorageTool format -t RHJvbWVkYXJ5LXRlc3RzIQ -c "$folder/server.properties" >"$folder/log" 2>&1
java -Xmx256m -cp "$path" kafka.Kafka "$folder/server.properties" >>"$folder/log" 2>&1 &
broker=$!
seen=$(timeout 150 java -cp "$folder:$path" Again "127.0.0.1:${ports% *}") || { tail -n 20 "$folder/log" >&2; exit 1; }
echo "Kafka 4.1.1; after five records the topic was made anew, with eight; the offsets that came:"
echo "$seen"
[ "$seen" = "classic assign: [5, 6, 7]
classic subscribe: [5, 6, 7]
consumer assign: [5, 6, 7]
consumer subscribe: [5, 6, 7, 0, 1, 2, 3, 4]" ] || { echo "changed" >&2; exit 1; }
