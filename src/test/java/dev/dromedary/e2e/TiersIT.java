package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.RsyncDaemon;
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

/** Hosts that pull, and serve what they have to others. */
class TiersIT {

    private static final AtomicInteger TOPICS = new AtomicInteger();

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

    /** A host in the middle: what it pulls into is served by a daemon of its own, and published to a topic of its own. */
    private final class Middle {

        final String topic = "tier-" + TOPICS.incrementAndGet();
        final Path folder;
        final RsyncDaemon daemon;
        private final Fan.Agent agent;

        Middle(String name) {
            broker.createTopic(topic, 1, Map.of());
            agent = fan.agent(name, "mirror.t.publish = " + uri(), "mirror.t.target.here.large-file = 1m");
            folder = agent.folder;
            // its module may be there before the folder is
            daemon = RsyncDaemon.in(fan.scratch).module("s", folder).readOnly().with("max connections = 20").start();
        }

        private String uri() {
            return "kafka:" + topic + "?brokers=" + broker.bootstrap();
        }

        Dromedary start() {
            return agent.start();
        }

        /** A host that pulls from this one. */
        Fan.Agent leaf(String leaf, String... more) {
            List<String> lines = new ArrayList<>(List.of("mirror.t.subscribe = " + uri() + "&groupId=" + leaf,
                    "mirror.t.source = " + daemon.url("s")));
            lines.addAll(List.of(more));
            return fan.agent(leaf, lines.toArray(String[]::new));
        }
    }

    @Test
    void what_changes_reaches_the_last_hosts_though_one_in_the_middle_is_killed() {
        Churn churn = new Churn(fan.source, fan.scratch.folder("outside"), 3, 2);
        churn.operations(200);
        fan.publisher().start().awaitReady();
        Middle killed = new Middle("m");
        Middle other = new Middle("n");
        Dromedary first = killed.start();
        Dromedary beside = other.start();
        Stream.of(first, beside).forEach(Dromedary::awaitReady);
        Map<Fan.Agent, Dromedary> leaves = new LinkedHashMap<>();
        for (Fan.Agent leaf : List.of(killed.leaf("a"), killed.leaf("b"), other.leaf("c"), other.leaf("d"))) {
            leaves.put(leaf, leaf.start());
        }
        leaves.values().forEach(Dromedary::awaitReady);
        churn.operations(300);
        first.killNow();
        churn.operations(300);
        Dromedary again = killed.start();
        churn.operations(300);

        again.awaitReady();
        eventuallySame(fan.source, killed.folder, again);
        eventuallySame(fan.source, other.folder, beside);
        leaves.forEach((leaf, last) -> eventuallySame(fan.source, leaf.folder, last));
        churn.everywhere("probe");
        leaves.forEach((leaf, last) -> {
            eventuallySame(fan.source, leaf.folder, last);
            eventually("no dead letter is left", last, () -> leaf.deadLetters().isEmpty());
        });
    }

    /** Its folder is empty, as is its state: who pulls from it has more than it has. */
    @Test
    void a_host_in_the_middle_that_begins_anew_wipes_nobody() throws IOException {
        fan.inSource("for n in $(seq 20); do mkdir d$n; echo 1 >d$n/f; done; head -c 3000000 /dev/zero >large");
        fan.publisher().start().awaitReady();
        Middle middle = new Middle("m");
        Dromedary check = middle.agent.check();
        assertThat(check.awaitExit()).as(check.output()).isZero();
        assertThat(check.output()).contains("is made when t/here is pulled").contains("topic of t-next: " + middle.topic + " is there");
        Dromedary first = middle.start();
        Fan.Agent leaf = middle.leaf("l");
        Dromedary last = leaf.start();
        eventuallySame(fan.source, leaf.folder, last);
        eventually("it follows", last, () -> broker.committed("l", middle.topic).isPresent());
        Tree before = Tree.of(fan.source);

        first.killNow();
        middle.daemon.stop();
        fan.daemon.stop();
        Scratch.delete(middle.folder);
        Scratch.delete(middle.agent.state);
        long records = broker.endOffset(middle.topic);
        Dromedary anew = middle.start();
        eventually("it says that it is not in line itself", anew, () -> broker.endOffset(middle.topic) > records);
        middle.daemon.start();
        last.post("/api/mirrors/t/targets/here/reconcile");
        eventually("the last host says why", last, () -> String.valueOf(target(last).get("reason")).contains("not in line yet with what it is pulled from"));
        // the host in the middle has nothing that could be brought anew
        eventuallySame(before, () -> Tree.of(leaf.folder), last);
        assertThat(Files.list(middle.folder)).isEmpty();

        fan.inSource("echo 2 >g");
        fan.daemon.start();
        eventuallySame(fan.source, middle.folder, anew);
        eventuallySame(fan.source, leaf.folder, last);
        eventually("it is live", last, () -> "live".equals(target(last).get("state")));
        assertThat(last.get("/api/log").body()).doesNotContain("\"action\":\"deleted\"");
    }

    private static JsonObject target(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) ((JsonObject) ((JsonArray) dromedary.json("/api/status").get("mirrors")).get(0)).get("targets")).get(0);
    }
}
