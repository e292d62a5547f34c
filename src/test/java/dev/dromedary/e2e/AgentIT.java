package dev.dromedary.e2e;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.KafkaBroker;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.Scratch;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class AgentIT {

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
    void three_agents_have_what_changes_under_churn() {
        Churn churn = new Churn(fan.source, fan.scratch.folder("outside"), 1, 2);
        churn.operations(300);
        fan.publisher().start().awaitReady();
        List<Fan.Agent> agents = Stream.of("a", "b", "c").map(fan::agent).toList();
        List<Dromedary> running = agents.stream().map(Fan.Agent::start).toList();
        churn.operations(1500);
        for (int i = 0; i < agents.size(); i++) {
            eventuallySame(fan.source, agents.get(i).folder, running.get(i));
        }
        churn.everywhere("probe");
        for (int i = 0; i < agents.size(); i++) {
            Fan.Agent agent = agents.get(i);
            eventuallySame(fan.source, agent.folder, running.get(i));
            eventually("no dead letter is left", running.get(i), () -> agent.deadLetters().isEmpty());
            assertThat(running.get(i).isReady()).isTrue();
        }
    }

    @Test
    void what_was_deleted_renamed_and_swapped_is_so_at_the_agent() throws IOException {
        fan.inSource("mkdir -p a/b c; echo 1 >a/b/f; echo 2 >c/g; ln -s c link; echo 3 >'#x'; echo 4 >\"$(printf 'n\\nl\\377')\"");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");

        fan.inSource("rm -r a; mv c d; rm link; mkdir link; echo 5 >link/f; rm '#x'; ln -s link/f '#x'");
        eventuallySame(fan.source, agent.folder, running);

        fan.inSource("rm -r link; ln -s d link; rm '#x'; mkdir '#x'; echo 6 >'#x/y'; mv d/g \"$(printf 'n\\nl\\377')\"");
        eventuallySame(fan.source, agent.folder, running);
        assertThat(running.output()).doesNotContain("WARN").doesNotContain("ERROR");
    }

    @Test
    void what_is_pulled_and_deleted_is_in_the_log_of_the_agent() {
        fan.inSource("echo 1 >f; echo 1 >g");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");

        fan.inSource("echo 22 >f; rm g; echo 3 >\"$(printf 'n\\nl')\"");
        eventuallySame(fan.source, agent.folder, running);
        for (String said : List.of("\"action\":\"sent\",\"path\":\"f\",\"size\":3,", "\"action\":\"deleted\",\"path\":\"g\",\"size\":null,",
                "\"action\":\"sent\",\"path\":\"n\\\\#012l\",\"size\":2,")) {
            eventually(said, running, () -> running.get("/api/log").body().contains(said));
        }
    }

    @Test
    void a_small_file_does_not_wait_for_a_large_one_which_goes_on_where_it_was_cut_off() throws IOException {
        fan.inSource("echo 1 >small");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a", "mirror.t.large-file = 1m", "mirror.t.bandwidth-limit = 500k");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");

        fan.inSource("mkdir d; head -c 15000000 /dev/urandom >\"d/$(printf 'l\narge')\"");
        Path holding = agent.folder.resolve(".~dromedary~");
        eventually("a part of the large one is there", running, () -> size(holding) > 2_000_000);
        fan.inSource("echo 2 >small");
        eventually("the small one is there", running, () -> Files.readString(agent.folder.resolve("small")).equals("2\n"));
        assertThat(agent.folder.resolve("d/l\narge")).as("the large one").doesNotExist();
        fan.daemon.stop();
        eventually("what was fetched of it is kept", running, () -> "away".equals(state(running)));
        fan.daemon.start();

        eventuallySame(fan.source, agent.folder, running);
        eventually("nothing of it is left beside", running, () -> Files.notExists(holding));
        assertThat(target(running).<JsonObject>getMap("totals").getLong("bytesReceived")).as("bytes of the runs that came to their end")
                .isBetween(1_000_000L, 13_500_000L);
        assertThat(running.get("/observe/metrics").body()).contains("dromedary_received_bytes_total{mirror=\"t\",target=\"here\"}");
        assertThat(Files.getPosixFilePermissions(agent.folder)).isEqualTo(Files.getPosixFilePermissions(fan.source));
    }

    @Test
    void an_agent_that_is_killed_goes_on_where_it_was() {
        Churn churn = new Churn(fan.source, fan.scratch.folder("outside"), 2, 1);
        churn.operations(200);
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");

        churn.operations(300);
        running.killNow();
        churn.operations(300);
        Dromedary again = agent.start();
        churn.operations(300);
        eventuallySame(fan.source, agent.folder, again);
    }

    @Test
    void a_broker_that_is_away_is_waited_for_at_both_ends() {
        fan.inSource("echo 1 >f");
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");

        broker.kill();
        try {
            fan.inSource("echo 2 >f; mkdir d; echo 3 >d/g");
            eventually("the publisher says that the broker is away", publisher, () -> "away".equals(state(publisher)));
            eventually("the agent says so too", running, () -> mirror(running).get("topicFault") != null);
        } finally {
            broker.start();
        }
        eventuallySame(fan.source, agent.folder, running);
        eventually("the publisher goes on", publisher, () -> "live".equals(state(publisher)));
        eventually("the agent goes on", running, () -> mirror(running).get("topicFault") == null);
    }

    @Test
    void an_agent_far_behind_catches_up_with_few_runs() throws IOException {
        fan.inSource("for d in $(seq 500); do mkdir d$d; (cd d$d; touch $(seq 200)); done");
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a", "mirror.t.reconcile-on-start = false");
        Dromedary first = agent.start();
        // to look at a hundred thousand files again and again would hold it up
        eventually("all of it is there", first, () -> first.output().contains("in line with its source"));
        eventuallySame(fan.source, agent.folder, first);
        awaitFollowing(first, "a");
        first.terminate();

        long before = broker.endOffset(fan.topic);
        // not faster than the watch reads: after an overflow a digest of the tree is published in place of each path
        for (int d = 1; d <= 500; d += 20) {
            fan.inSource("for d in $(seq " + d + ' ' + (d + 19) + "); do (cd d$d; for f in $(seq 200); do echo 1 >$f; done); done; echo 1 >last");
            assertThat(publisher.post("/api/mirrors/t/wait?timeout=30s").statusCode()).isEqualTo(200);
        }
        assertThat(publishedLines(before).filter(line -> line.contains("\"path\"")).count()).isGreaterThanOrEqualTo(100_000);
        Dromedary behind = agent.start();
        // a hundred thousand files, each with a new content
        Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> Files.exists(agent.folder.resolve("last"))
                && target(behind).getLong("pending") == 0);
        eventuallySame(fan.source, agent.folder, behind);
        assertThat(runs(behind)).as("runs").isLessThanOrEqualTo(5);
        assertThat(target(behind).<JsonObject>getMap("totals").getLong("files")).as("each is fetched once").isLessThan(110_000);
        assertThat(behind.output()).doesNotContain("the whole tree is compared");
    }

    @Test
    void a_new_agent_and_one_that_was_away_for_too_long_compare_the_whole_tree_first() throws IOException {
        fan.inSource("mkdir d; echo 1 >d/f");
        Dromedary publisher = fan.publisher().start().awaitReady();
        eventually("it is published", publisher, () -> broker.endOffset(fan.topic) > 0);
        Fan.Agent agent = fan.agent("a", "mirror.t.reconcile-on-start = false");
        Dromedary first = agent.start();
        eventuallySame(fan.source, agent.folder, first);
        assertThat(first.output()).contains("nothing was read of the topic before: the whole tree is compared");
        awaitFollowing(first, "a");
        first.terminate();

        long read = broker.committed("a", fan.topic).orElseThrow();
        fan.inSource("echo 2 >d/f; echo 3 >d/g");
        eventually("it is published", publisher, () -> broker.endOffset(fan.topic) > read + 1 || publishedLines(read).count() > 2);
        broker.deleteRecordsBefore(fan.topic, broker.endOffset(fan.topic));
        Dromedary again = agent.start();
        eventuallySame(fan.source, agent.folder, again);
        assertThat(again.output()).contains("the topic has lost records that were not read");
    }

    @Test
    void a_record_that_was_tampered_with_does_no_more_than_have_the_whole_tree_compared() throws IOException {
        Path outside = Files.writeString(fan.scratch.folder("outside").resolve("precious"), "precious");
        fan.inSource("echo 1 >f");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");

        String head = "{\"version\":1,\"mirror\":\"t\",\"since\":\"2026-01-01T00:00:00Z\",\"byContent\":false,\"names\":[\"f\"]}\n";
        for (String record : List.of("", "nonsense", "{\"version\":9,\"mirror\":\"t\"}",
                head + "{\"path\":\"../outside/precious\",\"extent\":\"tree\"}\n",
                head + "{\"path\":\"/etc/passwd\",\"extent\":\"entry\"}\n",
                head + "{\"path\":\"--remove-source-files\",\"extent\":\"leaf\"}\n",
                head + "{\"path\":\"f\",\"extent\":\"everything\"}\n",
                head.replace("\"t\"", "\"another\"") + "{\"path\":\"f\",\"extent\":\"tree\"}\n")) {
            broker.send(fan.topic, "t", record.getBytes(StandardCharsets.UTF_8));
        }
        fan.inSource("echo 2 >g");
        eventuallySame(fan.source, agent.folder, running);
        assertThat(outside).hasContent("precious");
        eventually("six of them are refused", running, () -> running.output().split("can't be trusted", -1).length == 7);
        eventuallySame(fan.source, agent.folder, running);
        assertThat(running.output()).contains("names a path that is not one below the source: ../outside/precious")
                .contains("written by a newer Dromedary");
    }

    /** Camel's own, in whatever case, and those by which a record would go to another topic. */
    @Test
    void no_header_of_a_record_or_a_request_changes_anything() throws IOException {
        Path outside = fan.scratch.folder("outside");
        fan.inSource("echo 1 >f");
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a", "mirror.t.reconcile-on-start = false");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");

        Files.delete(agent.folder.resolve("f"));
        broker.send(fan.topic, "t", ("{\"version\":1,\"mirror\":\"t\",\"since\":\"2026-01-01T00:00:00Z\",\"byContent\":false,"
                + "\"names\":[\"f\"]}\n{\"path\":\"f\",\"extent\":\"entry\"}\n").getBytes(StandardCharsets.UTF_8),
                Map.of("CamelExecCommandExecutable", "touch", "CAMELEXECCommandArgs", outside + "/touched",
                        "camelexeccommandworkingdir", "/", "CamelBeanMethodName", "commit", "CAMELBeanMethodName", "commit",
                        "kafka.OVERRIDE_TOPIC", "elsewhere", "Long-Running-Action", "mine"));
        eventuallySame(fan.source, agent.folder, running);

        long before = broker.endOffset(fan.topic);
        publisher.post("/api/mirrors/t/targets/topic/reconcile?kafka.OVERRIDE_TOPIC=elsewhere&CamelKafkaOverrideTopic=elsewhere"
                + "&kafka.PARTITION_KEY=7&kafka.KEY=other");
        eventually("the whole tree is published", publisher, () -> broker.endOffset(fan.topic) > before);
        assertThat(broker.records(fan.topic)).allSatisfy(record -> assertThat(record.key()).isEqualTo("t"));
        assertThat(broker.topics()).doesNotContain("elsewhere");
        assertThat(outside).isEmptyDirectory();
        assertThat(running.output()).doesNotContain("WARN").doesNotContain("ERROR");
    }

    @Test
    void a_source_whose_disk_is_not_mounted_deletes_nothing_at_an_agent() throws IOException {
        fan.inSource("mkdir d; echo 1 >d/f");
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");
        Tree before = Tree.of(agent.folder);
        publisher.terminate();

        Path moved = fan.scratch.root().resolve("moved");
        Files.move(fan.source, moved);
        Files.createDirectory(fan.source);
        running.post("/api/mirrors/t/targets/here/reconcile");
        eventually("the agent refuses", running, () -> String.valueOf(target(running).get("reason")).contains("is its disk mounted?"));
        Tree.assertSame(before, Tree.of(agent.folder));

        Files.delete(fan.source);
        Files.move(moved, fan.source);
        fan.inSource("echo 2 >d/g");
        eventuallySame(fan.source, agent.folder, running);
    }

    /** The publisher is down, so nobody but the agent itself can know. */
    @ParameterizedTest
    @ValueSource(strings = {"mkdir lost+found", "mkdir lost+found; echo 1 >stranger; for n in $(seq 50); do echo 1 >other$n; done"})
    void another_disk_at_the_source_deletes_nothing_at_an_agent(String disk) throws IOException {
        fan.inSource("for n in $(seq 20); do mkdir d$n; echo 1 >d$n/f; done; mkdir lost+found");
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");
        // once more, so that it has seen what the source has
        fan.inSource("echo 2 >d1/f");
        eventuallySame(fan.source, agent.folder, running);
        Tree before = Tree.of(agent.folder);
        publisher.terminate();

        Path right = fan.scratch.root().resolve("right");
        Files.move(fan.source, right);
        Files.createDirectory(fan.source);
        fan.inSource(disk);
        running.post("/api/mirrors/t/targets/here/reconcile");
        eventually("the agent refuses", running, () -> String.valueOf(target(running).get("reason")).contains("few of the names")
                && state(running).equals("away"));
        Tree.assertSame(before, Tree.of(agent.folder));
        running.terminate();
        Dromedary again = agent.start().awaitReady();
        eventually("and over a restart", again, () -> String.valueOf(target(again).get("reason")).contains("few of the names"));
        Tree.assertSame(before, Tree.of(agent.folder));

        again.post("/api/mirrors/t/targets/here/new-source");
        eventuallySame(fan.source, agent.folder, again);
    }

    @Test
    void a_disk_below_the_source_that_is_gone_deletes_nothing_at_an_agent() throws IOException {
        fan.inSource("mkdir d disk; echo 1 >d/f");
        Path disk = fan.scratch.folder("disk");
        Path point = fan.source.resolve("disk");
        Assumptions.assumeTrue(Sh.works(disk, "mount -t tmpfs -o size=1m tmpfs ../disk"), "no file system may be mounted here");
        fan.scratch.own(() -> Sh.run(Path.of("/"), "umount --lazy " + point + " 2>/dev/null || :; umount --lazy " + disk));
        Sh.run(Path.of("/"), "mount --bind " + disk + ' ' + point);
        fan.inSource("mkdir disk/sub; echo 1 >disk/file; echo 1 >disk/sub/other");
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");
        // once more, so that it has heard of what the source has
        fan.inSource("echo 2 >d/f");
        eventuallySame(fan.source, agent.folder, running);
        eventually("it has heard", running, () -> state(running).equals("live"));
        Tree before = Tree.of(agent.folder.resolve("disk"));

        publisher.suspend();
        eventually("no run has it open", running, () -> Sh.works(fan.source, "umount disk"));
        running.post("/api/mirrors/t/targets/here/reconcile");
        eventually("nobody has said so", running, () -> String.valueOf(target(running).get("reason")).contains("disk has none of the names that it had"));
        Tree.assertSame(before, Tree.of(agent.folder.resolve("disk")));
        publisher.resume();
        eventually("the agent knows", running, () -> running.output().contains("disk: its file system is not mounted at the source"));
        fan.inSource("echo 2 >d/g; chmod 700 disk d");
        compare(running);
        eventually("the rest is there", running, () -> Files.exists(agent.folder.resolve("d/g")));
        Tree.assertSame(before, Tree.of(agent.folder.resolve("disk")));
        assertThat(running.get("/api/explain?path=" + agent.folder.resolve("disk/file")).body()).contains("is not mounted at the source");
        eventually("it is not called live", running, () -> state(running).equals("partial"));
        assertThat(target(running).getString("reason")).contains("disk: its file system is not mounted at the source");
        running.terminate();
        Dromedary again = agent.start().awaitReady();
        compare(again);
        Tree.assertSame(before, Tree.of(agent.folder.resolve("disk")));

        Sh.run(disk, "echo 3 >sub/other; echo 1 >new; mount --bind . " + point);
        eventuallySame(fan.source, agent.folder, again);
    }

    private static void compare(Dromedary running) {
        Object before = running.target().get("lastReconcile");
        running.post("/api/mirrors/t/targets/here/reconcile");
        eventually("it is compared", running, () -> !Objects.equals(before, running.target().get("lastReconcile")));
    }

    /** Each run of an agent is a connection of its own: the disk may be unmounted before any of them. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void a_source_that_vanishes_while_it_is_compared_deletes_nothing_at_an_agent(int connection) throws IOException {
        // of a comparison: the look, the count, the look once more, and the run
        vanishing(connection, (guarded, running) -> running.post("/api/mirrors/t/targets/here/reconcile"));
    }

    @Test
    void a_source_that_vanishes_after_the_count_loses_at_an_agent_only_what_was_counted() throws IOException {
        vanishing(4, (guarded, running) -> {
            // what is gone at the source, of which the agent is not told
            Sh.run(guarded.scratch.root().resolve("host-a/folder"), "mkdir -p gone/deep; for n in $(seq 30); do echo $n >\"gone/deep/[$n]*\"; done; echo 1 >d3/other; echo 1 >'a\\b'");
            running.post("/api/mirrors/t/targets/here/reconcile");
        });
    }

    @Test
    void a_source_that_vanishes_before_a_change_is_pulled_deletes_no_folder_at_an_agent() throws IOException {
        // the pull itself, or the look before it
        vanishing(1, (guarded, running) -> {
            Sh.run(guarded.source, "chmod 700 d1");
            broker.send(guarded.topic, "t", ("{\"version\":1,\"mirror\":\"t\",\"since\":\"2026-01-01T00:00:00Z\",\"byContent\":false,\"names\":[\"d1\"]}\n"
                    + "{\"path\":\"d1\",\"extent\":\"entry\"}\n").getBytes(StandardCharsets.UTF_8));
        });
    }

    // before each transfer the daemon runs a script; the one of that number finds an empty source
    private void vanishing(int connection, BiConsumer<Fan, Dromedary> then) throws IOException {
        Path vanish = fan.scratch.root().resolve("vanish");
        Path right = fan.scratch.folder("right");
        Path script = fan.scratch.root().resolve("connected");
        try (Fan guarded = new Fan(broker, "max connections = 20", "pre-xfer exec = " + script)) {
            Files.writeString(script, """
                    #!/bin/sh
                    n=$(cat '%1$s' 2>/dev/null) || exit 0
                    echo $((n - 1)) >'%1$s'
                    [ "$n" != 1 ] || mv '%2$s'/* '%3$s'
                    """.formatted(vanish, guarded.source, right));
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
            guarded.inSource("for n in $(seq 20); do mkdir d$n; echo 1 >d$n/f; done");
            Dromedary publisher = guarded.publisher().start().awaitReady();
            Fan.Agent agent = guarded.agent("a");
            Dromedary running = agent.start();
            eventuallySame(guarded.source, agent.folder, running);
            eventually("it follows the topic", running, () -> broker.committed("a", guarded.topic).isPresent());
            eventually("nothing is pending", running, () -> target(running).getLong("pending") == 0);
            publisher.terminate();

            Files.writeString(vanish, connection + "\n");
            then.accept(guarded, running);
            eventually("the agent refuses", running, () -> String.valueOf(target(running).get("reason")).contains("few of the names"));
            assertThat(Sh.run(agent.folder, "cat d*/f").lines()).as("though the top folder got the time of the empty one").hasSize(20);

            Files.delete(vanish);
            Sh.run(right, "mv * '" + guarded.source + "'; echo 2 >'" + guarded.source + "/d1/g'; rm -r '" + guarded.source + "/d2'");
            running.post("/api/mirrors/t/targets/here/reconcile");
            eventuallySame(guarded.source, agent.folder, running);
        }
    }

    @Test
    void a_source_that_is_halted_is_not_compared_with_until_it_is_back() throws IOException {
        fan.inSource("mkdir d; echo 1 >d/f");
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");
        // so that none of the first runs is under way any more
        fan.inSource("echo 2 >d/f");
        eventuallySame(fan.source, agent.folder, running);
        eventually("nothing is under way", running, () -> "live".equals(state(running)));
        // nor is anything fetched once more that came beside a comparison: a single path is not looked for within a second after another look
        compare(running);
        Tree before = Tree.of(agent.folder);

        Path right = fan.scratch.root().resolve("right");
        Files.move(fan.source, right);
        Files.createDirectory(fan.source);
        fan.inSource("mkdir lost+found; echo 1 >stranger");
        eventually("it is halted", publisher, () -> "halted".equals(state(publisher)));
        running.post("/api/mirrors/t/targets/here/reconcile");
        eventually("the agent says why", running, () -> String.valueOf(target(running).get("reason")).contains("is halted by its owner"));
        Tree.assertSame(before, Tree.of(agent.folder));

        Files.move(fan.source, fan.scratch.root().resolve("wrong"));
        Files.move(right, fan.source);
        fan.inSource("echo 2 >d/g");
        eventuallySame(fan.source, agent.folder, running);
    }

    @Test
    void a_source_that_was_emptied_and_filled_anew_is_so_at_an_agent_that_was_away_meanwhile_and_at_one_that_was_not() {
        fan.inSource("for n in $(seq 20); do mkdir d$n; echo 1 >d$n/f; done");
        fan.publisher().start().awaitReady();
        Fan.Agent there = fan.agent("a");
        Fan.Agent away = fan.agent("b");
        Dromedary running = there.start();
        Dromedary stopped = away.start();
        eventuallySame(fan.source, there.folder, running);
        eventuallySame(fan.source, away.folder, stopped);
        awaitFollowing(running, "a");
        awaitFollowing(stopped, "b");
        stopped.terminate();

        fan.inSource("rm -r *");
        eventuallySame(fan.source, there.folder, running);
        fan.inSource("for n in $(seq 20); do echo 1 >new$n; done");
        eventuallySame(fan.source, there.folder, running);
        Dromedary again = away.start();
        eventuallySame(fan.source, away.folder, again);
    }

    @Test
    void a_source_that_begins_anew_has_no_agent_compare_what_is_the_same() throws IOException {
        fan.inSource("mkdir -p a/sub b; for n in $(seq 20); do echo 1 >a/f$n; echo 1 >b/f$n; done; ln -s a link; echo 1 >top");
        fan.heartbeatsEach(2000);
        Dromedary publisher = fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        eventuallySame(fan.source, agent.folder, running);
        awaitFollowing(running, "a");
        eventually("it is live", running, () -> "live".equals(state(running)));
        publisher.terminate();

        long before = fan.daemon.connections();
        Dromedary again = fan.publisher().start().awaitReady();
        eventually("it hears of it", running, () -> running.output().contains("t: of the whole tree nothing is compared"));
        assertThat(fan.daemon.connections()).isEqualTo(before);
        again.terminate();

        fan.inSource("echo 2 >b/f1; rm top; mkdir c; echo 1 >c/f");
        fan.publisher().start().awaitReady();
        eventuallySame(fan.source, agent.folder, running);
        assertThat(running.output()).doesNotContain("of the whole tree the whole tree");
    }

    @Test
    void an_agent_that_is_new_to_an_empty_source_deletes_nothing() throws IOException {
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Files.createDirectories(agent.folder.resolve("d"));
        Files.writeString(agent.folder.resolve("d/f"), "1");
        Tree before = Tree.of(agent.folder);

        Dromedary running = agent.start().awaitReady();

        eventually("it asks first", running, () -> "halted".equals(state(running)));
        assertThat(String.valueOf(target(running).get("reason"))).contains("nothing is deleted until you say so");
        Tree.assertSame(before, Tree.of(agent.folder));
    }

    @Test
    void a_source_that_serves_no_more_at_once_is_waited_for_in_turn() throws IOException {
        try (Fan narrow = new Fan(broker, "max connections = 1")) {
            narrow.inSource("head -c 3000000 /dev/zero >large");
            narrow.publisher().start().awaitReady();
            Socket other = narrow.scratch.own(narrow.daemon.occupy("s"));
            List<Fan.Agent> agents = Stream.of("a", "b", "c").map(narrow::agent).toList();
            List<Dromedary> running = agents.stream().map(Fan.Agent::start).toList();
            running.forEach(each -> eventually("it waits for its turn", each,
                    () -> each.output().contains("the source serves as many as it may")));
            other.close();
            for (int i = 0; i < agents.size(); i++) {
                eventuallySame(narrow.source, agents.get(i).folder, running.get(i));
            }
            assertThat(running.stream().map(Dromedary::output).toList()).noneMatch(output -> output.contains("WARN"));
            assertThat(running).allSatisfy(each ->
                    assertThat(target(each).<JsonObject>getMap("totals").<JsonObject>getMap("failures").keySet()).isEmpty());
        }
    }

    @Test
    void check_says_whether_a_broker_listens_and_the_source_lets_an_agent_in() throws IOException {
        Fan.Agent agent = fan.agent("a");
        Dromedary good = agent.check();
        assertThat(good.awaitExit()).isZero();
        assertThat(good.output()).contains("topic of t: a broker listens at " + broker.bootstrap())
                .contains("source of t/here: " + fan.daemon.url("s") + " answers and lets us in").contains("folder of t: ");

        fan.daemon.stop();
        Dromedary bad = fan.agent("b", "mirror.t.subscribe = kafka:x?groupId=b&brokers=127.0.0.1:9").check();
        assertThat(bad.awaitExit()).isEqualTo(1);
        assertThat(bad.output()).contains("no broker listens at 127.0.0.1:9").contains("nobody listens there");
    }

    @Test
    void an_agent_creates_its_topic_if_it_is_told_to() throws IOException {
        fan.inSource("echo 1 >f");
        String topic = fan.topic + "-new";
        Fan.Agent agent = fan.agentOf("a", "kafka:" + topic + "?brokers=" + broker.bootstrap());
        Dromedary running = agent.start("--create-topic");
        eventually("it follows", running, () -> running.output().contains("topic of t: " + topic + " is created, and keeps its records for a day"));
        assertThat(broker.config(topic, "retention.ms")).isEqualTo("86400000");
        fan.publisher("mirror.t.publish = kafka:" + topic + "?brokers=" + broker.bootstrap()).start().awaitReady();
        eventuallySame(fan.source, agent.folder, running);
        running.terminate();

        Dromedary again = agent.start("--create-topic");
        eventually("it is there", again, () -> again.output().contains(topic + " is there already"));
        Dromedary refused = fan.agentOf("b", "kafka:" + topic + "?" + broker.guardedBy("wrong")).start("--create-topic");
        assertThat(refused.awaitExit()).isEqualTo(1);
        assertThat(refused.output()).contains("it can't be created").contains("Authentication failed");
    }

    @Test
    void a_folder_that_can_not_be_made_is_refused_by_name() {
        Path folder = fan.scratch.root().resolve("nowhere/folder");
        Dromedary running = fan.agent("a", "mirror.t.target.here.url = " + folder).start();
        assertThat(running.awaitExit()).isEqualTo(1);
        assertThat(running.output()).contains("mirror.t.target.here.url = " + folder + ": this folder can't be made")
                .contains("make the one above it");
    }

    @Test
    void of_two_processes_of_one_group_one_pulls_and_the_other_takes_over() {
        fan.inSource("echo 1 >f");
        fan.publisher().start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary first = agent.start();
        eventuallySame(fan.source, agent.folder, first);
        awaitFollowing(first, "a");
        Dromedary second = fan.twin(agent).start();
        eventually("it has compared the tree", second, () -> second.output().contains("in line with its source"));
        fan.inSource("echo 2 >g");
        eventuallySame(fan.source, agent.folder, first);

        first.killNow();
        fan.inSource("echo 3 >h; rm f");
        eventuallySame(fan.source, agent.folder, second);
    }

    @Test
    void a_source_is_pushed_and_published_at_once() {
        Path pushed = fan.scratch.folder("pushed");
        fan.inSource("mkdir d; echo 1 >d/f");
        Dromedary publisher = fan.publisher("mirror.t.target.here.url = " + pushed).start().awaitReady();
        Fan.Agent agent = fan.agent("a");
        Dromedary running = agent.start();
        fan.inSource("echo 2 >d/f; mv d e");
        eventuallySame(fan.source, pushed, publisher);
        eventuallySame(fan.source, agent.folder, running);
    }

    /** A host that needs a part of the source follows a topic of that part, and pulls nothing else. */
    @Test
    void a_subtree_has_a_topic_of_its_own() throws IOException {
        fan.inSource("mkdir -p part/deep else; echo 1 >part/deep/f; echo 1 >else/f");
        String topic = fan.topic + "-part";
        broker.createTopic(topic, 1, Map.of());
        Dromedary publisher = fan.publisher("mirror.part.source = " + fan.source.resolve("part"),
                "mirror.part.publish = kafka:" + topic + "?brokers=" + broker.bootstrap()).start().awaitReady();
        Path home = fan.scratch.folder("home-part");
        Path folder = fan.scratch.root().resolve("part-here");
        Mirrors.configure(home, "mirror.part.subscribe = kafka:" + topic + "?brokers=" + broker.bootstrap() + "&groupId=part",
                "mirror.part.source = " + fan.daemon.url("s") + "part/", "mirror.part.target.here.url = " + folder);
        Dromedary agent = Dromedary.in(fan.scratch, home).start("agent").awaitReady();
        eventuallySame(fan.source.resolve("part"), folder, agent);
        eventually("it follows the topic", agent, () -> broker.committed("part", topic).isPresent());

        fan.inSource("echo 2 >else/f; echo 2 >part/deep/f; mv else/f part/came; mv part/deep else/went");
        eventuallySame(fan.source.resolve("part"), folder, agent);
        eventually("the other topic has it all", publisher, () -> publishedLines(0).anyMatch(line -> line.contains("went")));
        assertThat(broker.records(topic)).allSatisfy(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8)).doesNotContain("else"));
    }

    /** Once the broker knows how far the agent is, it has found its place in the topic. */
    private void awaitFollowing(Dromedary running, String group) {
        eventually("it follows the topic", running, () -> broker.committed(group, fan.topic).isPresent());
    }

    private Stream<String> publishedLines(long from) {
        return broker.records(fan.topic).stream().filter(record -> record.offset() >= from)
                .flatMap(record -> new String(record.value(), StandardCharsets.UTF_8).lines());
    }

    private static JsonObject mirror(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) dromedary.json("/api/status").get("mirrors")).get(0);
    }

    private static JsonObject target(Dromedary dromedary) {
        return (JsonObject) ((JsonArray) mirror(dromedary).get("targets")).get(0);
    }

    private static String state(Dromedary dromedary) {
        return target(dromedary).getString("state");
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static long runs(Dromedary dromedary) {
        return target(dromedary).<JsonObject>getMap("totals").getLong("runs");
    }
}
