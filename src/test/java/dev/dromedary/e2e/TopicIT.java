package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.Scratch;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** What can be wrong between a source and those who follow it, and who says so. */
class TopicIT {

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
    void live_is_said_while_the_source_is_heard_of_and_not_any_more_when_it_is_silent() throws IOException {
        fan.inSource("echo 1 >f");
        fan.heartbeatsEach(4000);
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start().awaitReady();
        eventuallySame(fan.source, agent.folder, running);

        eventually("it is live", running, () -> "live".equals(target(running).getString("state")));
        JsonObject mirror = mirror(running);
        assertThat(mirror).containsEntry("topicFault", null).containsEntry("topicUp", true).containsEntry("topicAssigned", true);
        assertThat(mirror.getDouble("topicSilentSeconds")).isLessThan(10);
        assertThat(running.get("/observe/metrics").body()).contains("dromedary_topic_up{mirror=\"t\"} 1", "dromedary_topic_assigned{mirror=\"t\"} 1",
                "dromedary_topic_last_record_seconds{mirror=\"t\"}");

        assertThat(explained(running, agent.folder.resolve("f"))).contains("\"state\":\"in line\"");

        publisher.killNow();
        eventually("it says that it hears nothing", running, () -> "away".equals(target(running).getString("state")));
        assertThat(target(running).getString("reason")).contains("nothing was heard of the mirror t for").contains("Does Dromedary run at the source");
        assertThat(mirror(running)).containsEntry("topicUp", false).containsEntry("topicAssigned", true);
        assertThat(running.get("/observe/metrics").body()).contains("dromedary_topic_up{mirror=\"t\"} 0");
        assertThat(running.get("/observe/health").statusCode()).isEqualTo(503);
        assertThat(explained(running, agent.folder.resolve("f"))).as("an agent that hears nothing knows nothing")
                .contains("\"state\":\"not known\"", "nothing was heard of the mirror t for");
        assertThat(running.isReady()).as("what the folder has is served all the same").isTrue();

        fan.publisher().start().awaitReady();
        eventually("it is live again", running, () -> "live".equals(target(running).getString("state")));
    }

    private static String explained(Dromedary running, Path path) {
        return running.get("/api/explain?path=" + path).body();
    }

    /** Two faults that nothing tells of but silence, which takes a while. */
    @Test
    void a_topic_of_other_mirrors_and_one_that_nobody_publishes_to_are_told_apart_from_one_that_is_quiet() throws IOException {
        fan.inSource("echo 1 >f");
        fan.heartbeatsEach(4000);
        fan.publisher();
        Mirrors.configure(fan.home, "mirror.other.source = " + fan.source, "mirror.other.publish = kafka:" + fan.topic + "?brokers="
                + broker.bootstrap());
        Dromedary.in(fan.scratch, fan.home).start().awaitReady();
        broker.createTopic(fan.topic + "x", 1, Map.of());
        Dromedary misnamed = fan.agent("a").start().awaitReady();
        Dromedary misspelt = fan.agentOf("b", "kafka:" + fan.topic + "x?brokers=" + broker.bootstrap()).start().awaitReady();

        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> "away".equals(target(misnamed).getString("state"))
                && "away".equals(target(misspelt).getString("state")));

        assertThat(target(misnamed).getString("reason")).contains("There are records of other: a mirror has the same name at both ends");
        assertThat(target(misspelt).getString("reason")).contains("Is it the right topic");
        Dromedary check = fan.agent("c").check();
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.output()).contains("are of other, and none is of t; a mirror has the same name at both ends");
    }

    @Test
    void a_topic_that_is_not_there_is_said_at_both_ends_and_made_use_of_when_it_comes() {
        String nowhere = fan.topic + "-nowhere";
        fan.inSource("echo 1 >f");
        Dromedary publisher = fan.publisher("mirror.t.publish = kafka:" + nowhere + "?brokers=" + broker.bootstrap()).start().awaitReady();
        Fan.Agent agent = fan.agentOf("a", "kafka:" + nowhere + "?brokers=" + broker.bootstrap());
        Dromedary running = agent.start().awaitReady();

        eventually("the publisher says so", publisher, () -> String.valueOf(target(publisher).get("reason")).contains("there is no such topic"));
        eventually("the agent says so", running, () -> "away".equals(target(running).getString("state")));
        assertThat(target(running).getString("reason")).contains("there is no such topic at the broker");
        assertThat(mirror(running)).containsEntry("topicUp", false).containsEntry("topicAssigned", false);
        Dromedary check = agent.check();
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.output()).contains("there is no topic " + nowhere + " at the broker");
        assertThat(broker.topics()).doesNotContain(nowhere);

        broker.createTopic(nowhere, 1, Map.of());
        fan.inSource("echo 2 >g");
        eventuallySame(fan.source, agent.folder, running);
        eventually("it is live", running, () -> "live".equals(target(running).getString("state")));
    }

    @Test
    void a_topic_that_takes_only_small_records_gets_smaller_ones() {
        broker.createTopic(fan.topic + "-small", 1, Map.of("max.message.bytes", "10000"));
        String topic = "kafka:" + fan.topic + "-small?brokers=" + broker.bootstrap();
        fan.inSource("echo 1 >f");
        Dromedary publisher = fan.publisher("mirror.t.publish = " + topic).start().awaitReady();
        Fan.Agent agent = fan.agentOf("a", topic);
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);

        fan.inSource("mkdir d; cd d; for i in $(seq 300); do echo 1 >a-name-that-is-rather-long-so-that-few-of-them-make-a-record-$i; done");
        eventuallySame(fan.source, agent.folder, running);
        fan.inSource("cd d; for f in *; do echo 23 >$f; done");
        eventuallySame(fan.source, agent.folder, running);
        assertThat(publisher.output()).contains("the topic takes no record of this size", "max.message.bytes").doesNotContain("AWAY");
    }

    /** A broker whose cluster was upgraded, and whose feature group.version is still 0, does not know the newer one. */
    @Test
    void a_protocol_of_groups_that_the_broker_refuses_is_said() {
        fan.inSource("echo 1 >f");
        Fan.Agent agent = fan.agentOf("a", "kafka:" + fan.topic + "?brokers=" + broker.bootstrap() + "&additionalProperties.group.protocol=consumer");
        Dromedary running = agent.start();

        eventuallySame(fan.source, agent.folder, running);
        eventually("the agent says so", running, () -> "away".equals(target(running).getString("state")));
        assertThat(target(running).getString("reason")).contains("can't be followed", "version");
        assertThat(mirror(running)).containsEntry("topicUp", false);
    }

    @Test
    void a_wrong_password_is_said_at_both_ends() {
        Dromedary publisher = fan.publisher("mirror.t.publish = kafka:" + fan.topic + "?" + broker.guardedBy("wrong")).start().awaitReady();
        fan.inSource("echo 1 >f");
        Fan.Agent agent = fan.agentOf("a", "kafka:" + fan.topic + "?" + broker.guardedBy("wrong"));
        Dromedary running = agent.start().awaitReady();

        eventually("the publisher says so", publisher, () -> String.valueOf(target(publisher).get("reason")).contains("Authentication failed"));
        eventually("the agent says so", running, () -> "away".equals(target(running).getString("state")));
        assertThat(target(running).getString("reason")).contains("Authentication failed");
        Dromedary check = agent.check();
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.output()).contains("the broker can't be asked about it").contains("Authentication failed");
        assertThat(running.output() + publisher.output() + check.output()).doesNotContain("password=");

        Dromedary good = fan.agentOf("b", "kafka:" + fan.topic + "?" + broker.guardedBy(KafkaBroker.password())).check();
        assertThat(good.awaitExit()).as(good.output()).isZero();
        assertThat(good.output()).contains(fan.topic + " is there and may be read");
    }

    @Test
    void another_process_of_the_same_host_and_group_stands_by_and_says_so() {
        fan.inSource("echo 1 >f");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary first = agent.start().awaitReady();
        eventuallySame(fan.source, agent.folder, first);
        eventually("it reads", first, () -> mirror(first).getBoolean("topicAssigned"));
        Dromedary second = fan.twin(agent).start().awaitReady();

        // the broker gives what there is to read to either of them
        eventually("one stands by", second, () -> stands(first) || stands(second));
        Dromedary other = stands(first) ? first : second;
        assertThat(target(other).getString("reason")).contains("another process of this host reads it with groupId=a");
        assertThat(other.get("/observe/health").statusCode()).isEqualTo(200);
        Dromedary check = agent.check();
        assertThat(check.awaitExit()).isZero();
        assertThat(check.output()).contains("it is read with groupId=a by a process of this host");
    }

    /** A cloned image: what the one has read the other one has never heard of. */
    @Test
    void who_reads_on_after_another_process_of_the_group_compares_the_whole_tree() {
        String[] more = {"mirror.t.reconcile-on-start = false"};
        fan.inSource("echo 1 >f");
        fan.publisher().start().awaitReady();
        Fan.Agent one = fan.agent("a", more);
        Dromedary first = one.start();
        eventuallySame(fan.source, one.folder, first);
        eventually("it is known how far it is", first, () -> broker.committed("a", fan.topic).isPresent());
        first.terminate();

        Fan.Agent other = fan.clone(one, more);
        Dromedary clone = other.start();
        eventuallySame(fan.source, other.folder, clone);
        assertThat(clone.output()).contains("was read on by another process of the group a");
        long before = broker.committed("a", fan.topic).orElseThrow();
        fan.inSource("echo 2 >g");
        eventuallySame(fan.source, other.folder, clone);
        eventually("it is known how far it is", clone, () -> broker.committed("a", fan.topic).orElseThrow() > before);
        clone.terminate();

        Dromedary again = one.start();
        eventuallySame(fan.source, one.folder, again);
        assertThat(again.output()).contains("was read on by another process of the group a");
    }

    @Test
    void the_source_says_who_follows_it_how_far_behind_each_is_and_who_is_silent() throws IOException {
        fan.inSource("echo 1 >f");
        fan.heartbeatsEach(2000);
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent good = fan.agent("good");
        Fan.Agent bad = fan.agent("bad");
        Dromedary running = good.start().awaitReady();
        Dromedary other = bad.start().awaitReady();
        eventually("both are live", publisher, () -> states(publisher).equals(Map.of("good", "live", "bad", "live")));
        assertThat(publisher.json("/api/status").toJson()).contains("\"agentsFault\":null", "\"recordsBehind\":");

        other.killNow();
        fan.daemon.stop();
        fan.inSource("echo 2 >f");
        eventually("one is away and the other one says nothing", publisher, () -> states(publisher).equals(Map.of("good", "away", "bad", "silent")));
        Dromedary status = Dromedary.in(fan.scratch, fan.home).start("status", "--agents", "--url=http://127.0.0.1:" + publisher.port());
        assertThat(status.awaitExit()).isEqualTo(1);
        assertThat(status.output()).contains("AGENT", "LAST SEEN").containsPattern("bad +silent").containsPattern("good +away").contains("nobody listens there");
        assertThat(publisher.get("/observe/metrics").body()).contains("dromedary_agent_lag_seconds{agent=\"good\",mirror=\"t\"}",
                "dromedary_agent_last_seen_seconds{agent=\"bad\",mirror=\"t\"}");

        fan.daemon.start();
        bad.start();
        eventually("both are live again", publisher, () -> states(publisher).equals(Map.of("good", "live", "bad", "live")));
        assertThat(running.isAlive()).isTrue();
    }

    private static boolean stands(Dromedary agent) {
        return "standby".equals(target(agent).getString("state"));
    }

    private static Map<String, String> states(Dromedary publisher) {
        Map<String, String> states = new HashMap<>();
        ((JsonArray) mirror(publisher).get("agents")).forEach(agent -> states.put(((JsonObject) agent).getString("group"),
                ((JsonObject) agent).getString("state")));
        return states;
    }

    private static JsonObject mirror(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) dromedary.json("/api/status").get("mirrors")).get(0);
    }

    private static JsonObject target(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) mirror(dromedary).get("targets")).get(0);
    }
}
