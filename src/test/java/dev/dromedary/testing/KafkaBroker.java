package dev.dromedary.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A real server of Kafka on loopback, broker and controller in one, that can go away and come back at the same port with what it
 * had. What is asked about a topic is asked of its first partition, unless it says otherwise.
 */
public final class KafkaBroker implements AutoCloseable {

    private static final String VERSION = "4.1.1";
    private static final int PATIENCE_SECONDS = 30;
    private static final String USER = "dromedary";
    private static final String PASSWORD = "secret";
    private static final String STORE_PASSWORD = "changeit";
    private static final String CLUSTER = "RHJvbWVkYXJ5LXRlc3RzIQ";

    private final Path folder;
    private final int port = FreePort.next();
    private final int guarded = FreePort.next();
    private final Tls tls;
    private Process process;

    /** Certificates, and where the broker shows them: one that is right, by SCRAM besides, and one that has expired. */
    private record Tls(int secure, int expired, Path stores) {

        static Tls make(Path folder) {
            Tls made = new Tls(FreePort.next(), FreePort.next(), folder);
            made.keys("good");
            made.trust("good", "good");
            made.keys("stranger");
            made.trust("stranger", "stranger");
            // what is trusted by itself may expire: so there is an issuer
            made.keys("expired");
            made.signed("expired", "good", "-startdate", "-10d", "-validity", "1");
            made.trust("expired", "good");
            return made;
        }

        private void keys(String name) {
            keytool(name + ".p12", List.of("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-validity", "30",
                    "-ext", "SAN=ip:127.0.0.1", "-ext", "BC=ca:true"));
            keytool(name + ".p12", List.of("-exportcert", "-alias", name, "-file", file(name + ".crt")));
        }

        private void trust(String store, String name) {
            keytool(store + "-trust.p12", List.of("-importcert", "-noprompt", "-alias", name, "-file", file(name + ".crt")));
        }

        private void signed(String name, String issuer, String... validity) {
            keytool(name + ".p12", List.of("-certreq", "-alias", name, "-file", file(name + ".csr")));
            List<String> sign = new ArrayList<>(List.of("-gencert", "-alias", issuer, "-infile", file(name + ".csr"), "-outfile", file(name + ".crt"),
                    "-ext", "SAN=ip:127.0.0.1"));
            sign.addAll(List.of(validity));
            keytool(issuer + ".p12", sign);
            keytool(name + ".p12", List.of("-importcert", "-noprompt", "-alias", issuer, "-file", file(issuer + ".crt")));
            keytool(name + ".p12", List.of("-importcert", "-noprompt", "-alias", name, "-file", file(name + ".crt")));
        }

        private String file(String name) {
            return stores.resolve(name).toString();
        }

        private void keytool(String store, List<String> arguments) {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
            command.addAll(arguments);
            command.addAll(List.of("-keystore", stores.resolve(store).toString(), "-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(stores.resolve("keytool.log").toFile())).start();
                Processes.awaitEnd(process, PATIENCE_SECONDS);
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(Processes.read(stores.resolve("keytool.log")));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>(List.of("listener.name.secure.sasl.enabled.mechanisms = SCRAM-SHA-512",
                    "listener.name.secure.scram-sha-512.sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required;"));
            Map.of("secure", "good", "expired", "expired").forEach((listener, name) -> {
                String prefix = "listener.name." + listener + ".ssl.";
                lines.addAll(List.of(prefix + "keystore.type = PKCS12", prefix + "keystore.location = " + stores.resolve(name + ".p12"),
                        prefix + "keystore.password = " + STORE_PASSWORD, prefix + "key.password = " + STORE_PASSWORD));
            });
            return lines;
        }
    }

    private KafkaBroker(Path folder, Tls tls) {
        this.folder = folder;
        this.tls = tls;
        int controller = FreePort.next();
        Path data = folder.resolve("data");
        try {
            List<String> lines = new ArrayList<>(List.of(
                    "process.roles = broker,controller",
                    "node.id = 1",
                    "controller.quorum.voters = 1@127.0.0.1:" + controller,
                    "listeners = BROKER://127.0.0.1:" + port + ",GUARDED://127.0.0.1:" + guarded
                            + (tls == null ? "" : ",SECURE://127.0.0.1:" + tls.secure + ",EXPIRED://127.0.0.1:" + tls.expired) + ",CONTROLLER://127.0.0.1:" + controller,
                    "listener.security.protocol.map = BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,GUARDED:SASL_PLAINTEXT,SECURE:SASL_SSL,EXPIRED:SSL",
                    "sasl.enabled.mechanisms = PLAIN",
                    "listener.name.guarded.plain.sasl.jaas.config = org.apache.kafka.common.security.plain.PlainLoginModule required"
                            + " user_" + USER + "=\"" + PASSWORD + "\";",
                    // who misspells a name has to be told
                    "auto.create.topics.enable = false",
                    "inter.broker.listener.name = BROKER",
                    "controller.listener.names = CONTROLLER",
                    "log.dirs = " + data,
                    "num.network.threads = 1",
                    "num.io.threads = 2",
                    // of a size that its heap has room for
                    "log.cleaner.dedupe.buffer.size = 2097152",
                    // there are no others
                    "offsets.topic.num.partitions = 1",
                    "offsets.topic.replication.factor = 1",
                    "transaction.state.log.num.partitions = 1",
                    "transaction.state.log.replication.factor = 1",
                    "transaction.state.log.min.isr = 1",
                    "group.initial.rebalance.delay.ms = 0",
                    // one that was killed may come back only when it is taken for dead
                    "broker.session.timeout.ms = 2000",
                    "broker.heartbeat.interval.ms = 200"));
            if (tls != null) {
                lines.addAll(tls.lines());
            }
            Files.write(folder.resolve("server.properties"), lines);
            // what kafka-storage.sh would write, in the time that a process takes
            Files.write(Files.createDirectory(data).resolve("meta.properties"),
                    List.of("version=1", "cluster.id=" + CLUSTER, "node.id=1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Running, with no topic. */
    public static KafkaBroker start(Scratch scratch) {
        return start(scratch, false);
    }

    /** The same, which may be reached by TLS too: with SCRAM, and where its certificate has expired. */
    public static KafkaBroker startWithTls(Scratch scratch) {
        KafkaBroker broker = start(scratch, true);
        try (Admin admin = broker.admin()) {
            broker.get(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(USER,
                    new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD))).all());
        }
        return broker;
    }

    private static KafkaBroker start(Scratch scratch, boolean withTls) {
        try {
            Path folder = Files.createTempDirectory(scratch.root(), "kafka-");
            KafkaBroker broker = scratch.own(new KafkaBroker(folder, withTls ? Tls.make(Files.createDirectory(folder.resolve("stores"))) : null));
            broker.start();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder as the archive of Kafka 4 has it, as far as it takes to start a broker by hand: two scripts, and its configuration with another port. */
    public static void unpack(Path folder, int port) throws IOException {
        int controller = FreePort.next();
        Files.createDirectories(folder.resolve("config"));
        Files.write(folder.resolve("config/server.properties"), List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.bootstrap.servers=127.0.0.1:" + controller,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
                "inter.broker.listener.name=PLAINTEXT",
                "controller.listener.names=CONTROLLER",
                "log.dirs=" + folder.resolve("data"),
                "num.partitions=1",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1"));
        Map<String, String> programs = Map.of("kafka-storage.sh", "kafka.tools.StorageTool", "kafka-server-start.sh", "kafka.Kafka");
        for (Map.Entry<String, String> program : programs.entrySet()) {
            Path script = Files.createDirectories(folder.resolve("bin")).resolve(program.getKey());
            Files.writeString(script, "#!/bin/sh\nexec java -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '" + Jars.CLASS_PATH + "' "
                    + program.getValue() + " \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    public int port() {
        return port;
    }

    /** Where its clients find it. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** The options of an endpoint by which it is reached where it asks for a password. */
    public String guardedBy(String password) {
        return "brokers=127.0.0.1:" + guarded + "&securityProtocol=SASL_PLAINTEXT&saslMechanism=PLAIN&saslJaasConfig=RAW("
                + "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + USER + "\" password=\"" + password + "\";)";
    }

    /**
     * The options of an endpoint by which it is reached with TLS and SCRAM.
     *
     * @param host  127.0.0.1, for which its certificate is, or localhost, for which it is not
     * @param trust whose certificates are trusted: good, which is its own, or stranger; of any other there is no file
     */
    public String securedBy(String host, String trust, String password) {
        return "brokers=" + host + ":" + tls.secure + "&securityProtocol=SASL_SSL&saslMechanism=SCRAM-SHA-512&saslJaasConfig=RAW("
                + "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + USER + "\" password=\"" + password + "\";)"
                + trusting(trust);
    }

    /** The options of an endpoint by which it is reached where its certificate has expired. */
    public String expired() {
        return "brokers=127.0.0.1:" + tls.expired + "&securityProtocol=SSL" + trusting("expired");
    }

    private String trusting(String whom) {
        return "&sslTruststoreType=PKCS12&sslTruststorePassword=" + STORE_PASSWORD + "&sslTruststoreLocation=" + tls.stores.resolve(whom + "-trust.p12");
    }

    /** The right password. */
    public static String password() {
        return PASSWORD;
    }

    /** Starts it, or starts it again with all that it had, and waits until it answers. */
    public void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        try {
            process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                    "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", Jars.CLASS_PATH, "kafka.Kafka",
                    folder.resolve("server.properties").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Processes.awaitPort(process, "127.0.0.1", port, this::output);
        try (Admin admin = admin()) {
            get(admin.describeCluster().nodes());
        }
    }

    /** Asks it to end, and waits until it has. */
    public void stop() {
        process.destroy();
        Processes.awaitEnd(process, PATIENCE_SECONDS);
    }

    /** It is gone at once, like a host that lost its power. */
    public void kill() {
        Processes.end(process);
    }

    public void restart() {
        stop();
        start();
    }

    /** What it had to say, which is nothing but errors. */
    public String output() {
        return Processes.read(folder.resolve("output"));
    }

    /** @param configs as kafka-topics.sh takes them, for example retention.ms */
    public void createTopic(String name, int partitions, Map<String, String> configs) {
        try (Admin admin = admin()) {
            get(admin.createTopics(List.of(
                    new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs))).all());
        }
    }

    /** How a topic is configured. */
    public String config(String topic, String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = admin()) {
            return get(admin.describeConfigs(List.of(resource)).all()).get(resource).get(name).value();
        }
    }

    /** Takes away all records before an offset, as their age would. */
    public void deleteRecordsBefore(String topic, long offset) {
        try (Admin admin = admin()) {
            get(admin.deleteRecords(Map.of(first(topic), RecordsToDelete.beforeOffset(offset))).all());
        }
    }

    /** The offset that the next record will have. */
    public long endOffset(String topic) {
        try (Admin admin = admin()) {
            return get(admin.listOffsets(Map.of(first(topic), OffsetSpec.latest())).partitionResult(first(topic))).offset();
        }
    }

    /** From where a group of consumers would go on, if it has said so ever. */
    public OptionalLong committed(String group, String topic) {
        try (Admin admin = admin()) {
            OffsetAndMetadata committed = get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).get(first(topic));
            return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
        }
    }

    /** Sends a record to the partition that its key says, and waits until the broker has it. */
    public void send(String topic, String key, byte[] value) {
        send(topic, key, value, Map.of());
    }

    /** The same, with headers. */
    public void send(String topic, String key, byte[] value, Map<String, String> headers) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap()),
                new StringSerializer(), new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
            headers.forEach((name, content) -> record.headers().add(name, content.getBytes(StandardCharsets.UTF_8)));
            get(producer.send(record));
        }
    }

    /** The names of all topics that are there, but for its own. */
    public Set<String> topics() {
        try (Admin admin = admin()) {
            return get(admin.listTopics().names());
        }
    }

    /** All records of all partitions that are there now, those of a partition in their order. */
    public List<ConsumerRecord<String, byte[]>> records(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap()),
                new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition())).toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("only " + records.size() + " records of " + topic + " could be read: " + output());
                }
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    private static TopicPartition first(String topic) {
        return new TopicPartition(topic, 0);
    }

    private <T> T get(Future<T> answer) {
        try {
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("the broker at " + bootstrap() + " said: " + output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** Looked for once, when the first broker starts. */
    private static final class Jars {

        // with that, it says its errors, and those only
        private static final String CLASS_PATH = MavenJars.classPath("org.apache.kafka:kafka_2.13:" + VERSION,
                "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3");
    }
}
