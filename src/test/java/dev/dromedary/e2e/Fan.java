package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;

/** A source that publishes its changes, the daemon that serves it, and agents that pull from there. */
final class Fan implements AutoCloseable {

    private static final AtomicInteger TOPICS = new AtomicInteger();

    /** One agent: its folder, its state, and how it is started. */
    final class Agent {

        final String name;
        final Path folder;
        final Path state;
        private final Path home;

        private Agent(String name, String process, List<String> more) {
            this(name, process, scratch.folder("host-" + name).resolve("folder"), more);
        }

        private Agent(String name, String process, Path folder, List<String> more) {
            this.name = name;
            home = scratch.folder("home-" + name + process);
            this.folder = folder;
            state = home.resolve("state");
            List<String> lines = new ArrayList<>(List.of("mirror.t.subscribe = " + topicUri() + "&groupId=" + name,
                    "mirror.t.source = " + daemon.url("s"), "mirror.t.target.here.url = " + folder,
                    "mirror.t.replay = 1s", "mirror.t.retries = 1", "mirror.t.retry-delay = 100ms"));
            lines.addAll(more);
            Mirrors.configure(home, lines.toArray(String[]::new));
        }

        Dromedary start(String... options) {
            return Dromedary.in(scratch, home).start(Stream.concat(Stream.of("agent"), Stream.of(options)).toArray(String[]::new));
        }

        Dromedary check() {
            return Dromedary.in(scratch, home).start("check");
        }

        List<Path> deadLetters() {
            return Mirrors.deadLetters(state, "t", "here");
        }
    }

    final Scratch scratch = Scratch.create();
    final Path source = scratch.folder("source");
    final Path home = scratch.folder("home");
    final String topic = "changes-" + TOPICS.incrementAndGet();
    final RsyncDaemon daemon;
    private final KafkaBroker broker;

    Fan(KafkaBroker broker, String... daemonLines) {
        this.broker = broker;
        broker.createTopic(topic, 1, Map.of());
        RsyncDaemon.Builder builder = RsyncDaemon.in(scratch).module("s", source).readOnly();
        for (String line : daemonLines) {
            builder.with(line);
        }
        daemon = builder.start();
    }

    private String topicUri() {
        return "kafka:" + topic + "?brokers=" + broker.bootstrap();
    }

    /** The process that watches the source. */
    Dromedary.Builder publisher(String... more) {
        return publisherIn(home, more);
    }

    /** The same, in another folder: one of several. */
    Dromedary.Builder publisherIn(Path home, String... more) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + source, "mirror.t.publish = " + topicUri(),
                "mirror.t.replay = 1s", "mirror.t.retries = 1", "mirror.t.retry-delay = 100ms"));
        lines.addAll(List.of(more));
        Mirrors.configure(home, lines.toArray(String[]::new));
        return Dromedary.in(scratch, home);
    }

    Agent agent(String name, String... more) {
        return new Agent(name, "", List.of(more));
    }

    /** One that follows another topic, or the same in another way. */
    Agent agentOf(String name, String subscribe, String... more) {
        return agent(name, Stream.concat(Stream.of("mirror.t.subscribe = " + subscribe + "&groupId=" + name), Stream.of(more))
                .toArray(String[]::new));
    }

    /** Has the publisher send a sign of life each so many milliseconds; before it is started. */
    void heartbeatsEach(int millis) throws IOException {
        Path routes = Stage.copyRoutesTo(scratch.folder("home/routes"));
        Path publish = routes.resolve("publish.camel.yaml");
        Files.writeString(publish, Files.readString(publish).replace("\"30000\"", "\"" + millis + "\""));
    }

    /** One of the same group on another host, as a cloned image would be. */
    Agent clone(Agent of, String... more) {
        return new Agent(of.name, "-clone", scratch.folder("host-clone-" + of.name).resolve("folder"), List.of(more));
    }

    /** Another process of the same host, with the same folder. */
    Agent twin(Agent of) {
        return new Agent(of.name, "-twin", List.of());
    }

    void inSource(String script) {
        Sh.run(source, script);
    }

    @Override
    public void close() {
        scratch.close();
    }
}
