package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Tree;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** What is renamed at a source is renamed at an agent. */
class AgentMovesIT {

    private static Scratch kafka;
    private static KafkaBroker broker;

    @BeforeAll
    static void broker() {
        kafka = Scratch.create();
        broker = KafkaBroker.start(kafka);
    }

    @AfterAll
    static void noBroker() {
        kafka.close();
    }

    @AutoClose
    private final Fan fan = new Fan(broker, "max connections = 20");

    @Test
    void what_is_renamed_is_moved_and_not_fetched() throws IOException {
        fan.heartbeatsEach(2000);
        fan.inSource("mkdir -p a/b; for n in $(seq 20); do head -c 10000000 /dev/urandom >a/b/f$n; done; head -c 80000000 /dev/urandom >large");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = inLine(agent);
        long received = received(running);
        Object folder = inode(agent.folder.resolve("a/b"));
        Object file = inode(agent.folder.resolve("large"));

        // what is moved into a folder that was made a moment ago may be listed with that one, and is fetched then
        fan.inSource("mkdir new");
        eventuallySame(fan.source, agent.folder, running);
        fan.inSource("mv a/b new/b2; chmod 700 new/b2");
        eventuallySame(fan.source, agent.folder, running);
        fan.inSource("mv large new/larger");
        eventuallySame(fan.source, agent.folder, running);
        eventually("all has been looked at", running, () -> "live".equals(target(running).getString("state")));

        assertThat(inode(agent.folder.resolve("new/b2"))).isEqualTo(folder);
        assertThat(inode(agent.folder.resolve("new/larger"))).isEqualTo(file);
        assertThat(received(running) - received).as("bytes fetched").isLessThan(2_800_000);
        assertThat(running.get("/api/log").body()).contains("\"action\":\"moved\",\"path\":\"new\\/b2\"");
    }

    @Test
    void what_changes_before_and_after_a_move_is_so_at_the_agent() throws IOException {
        fan.heartbeatsEach(2000);
        fan.inSource("mkdir a; for n in $(seq 20); do head -c 100000 /dev/urandom >a/f$n; done");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = inLine(agent);

        // of the same size and time
        fan.inSource("touch -r a/f1 ref; head -c 100000 /dev/urandom >a/f1; touch -r ref a/f1; mv a b; mv b c; mkdir b; echo 1 >b/f1; rm c/f2; mv c/f3 b/f3; mv c d");
        eventuallySame(fan.source, agent.folder, running);
        fan.inSource("mv d e; mv b d; mv e b; rm -r d; mv b/f4 b/f5; ln -s b d");
        eventuallySame(fan.source, agent.folder, running);
    }

    @Test
    void nothing_is_moved_through_a_link_with_what_is_left_out_or_over_something() throws IOException {
        fan.heartbeatsEach(2000);
        fan.inSource("mkdir a b c to; echo 1 >a/f; echo 2 >b/f; echo 3 >c/f");
        fan.publisher("mirror.t.exclude = *.local").start().awaitReady();
        Fan.Agent agent = fan.agent("a", "mirror.t.exclude = *.local");
        Dromedary running = inLine(agent);
        Path outside = fan.scratch.folder("outside");
        Files.writeString(agent.folder.resolve("a/mine.local"), "mine");
        Files.delete(agent.folder.resolve("to"));
        Files.createSymbolicLink(agent.folder.resolve("to"), outside);
        Files.writeString(agent.folder.resolve("c2"), "in its place");

        fan.inSource("mv a a2; mv b to/b2; mv c c2");
        Tree expected = Tree.of(fan.source);
        eventually("it is so", running, () -> Files.exists(agent.folder.resolve("a2/f")) && Files.exists(agent.folder.resolve("to/b2/f"))
                && Files.exists(agent.folder.resolve("c2/f")) && Files.notExists(agent.folder.resolve("b")) && Files.notExists(agent.folder.resolve("c")));
        assertThat(agent.folder.resolve("a/mine.local")).as("what is left out").hasContent("mine");
        assertThat(outside).isEmptyDirectory();
        Scratch.delete(agent.folder.resolve("a"));
        running.post("/api/mirrors/t/targets/here/reconcile");
        eventuallySame(expected, () -> Tree.of(agent.folder), running);
    }

    @Test
    void a_record_of_a_move_that_never_was_loses_nothing() throws IOException {
        fan.heartbeatsEach(2000);
        fan.inSource("mkdir a; echo 1 >a/f; echo 2 >g");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = inLine(agent);
        Path outside = Files.writeString(fan.scratch.folder("outside").resolve("precious"), "precious");

        String head = "{\"version\":1,\"mirror\":\"t\",\"since\":\"2026-01-01T00:00:00Z\",\"byContent\":false,\"names\":[\"a\"]}\n";
        broker.send(fan.topic, "t", (head + "{\"path\":\"b\",\"extent\":\"level\",\"move\":0,\"from\":\"a\",\"folder\":true}\n").getBytes(StandardCharsets.UTF_8));
        broker.send(fan.topic, "t", (head + "{\"path\":\"h\",\"extent\":\"leaf\",\"move\":0,\"from\":\"../outside/precious\",\"folder\":false}\n")
                .getBytes(StandardCharsets.UTF_8));
        eventually("the move was made", running, () -> running.get("/api/log").body().contains("\"action\":\"moved\""));
        eventually("the second record was read", running,
                () -> running.output().contains("names a path that is not one below the source: ../outside/precious"));
        eventuallySame(fan.source, agent.folder, running);
        assertThat(outside).hasContent("precious");
    }

    /** Once the broker knows how far the agent is, it has found its place in the topic. */
    private Dromedary inLine(Fan.Agent agent) {
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        eventually("it follows the topic", running, () -> broker.committed(agent.name, fan.topic).isPresent());
        eventually("it is live", running, () -> "live".equals(target(running).getString("state")));
        return running;
    }

    private static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino");
    }

    private static long received(Dromedary running) {
        return target(running).<JsonObject>getMap("totals").getLong("bytesReceived");
    }

    private static JsonObject target(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) ((JsonObject) ((JsonArray) dromedary.json("/api/status").get("mirrors")).get(0)).get("targets")).get(0);
    }
}
