package dev.dromedary.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.StubRsync;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Who waits goes on once all is there that was written before, and not earlier. */
class WaitIT {

    private static final String WAIT = "/api/mirrors/t/wait";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void what_was_written_before_is_there_when_it_ends() throws Exception {
        Dromedary dromedary = stage.configured().start().awaitReady();
        for (int i = 0; i < 10; i++) {
            stage.inSource("mkdir -p d/" + i + "; echo " + i + " >d/" + i + "/file; mv d/" + i + " moved-" + i + "; rm -f file; echo " + i + " >file");
            assertThat(ended(dromedary, "")).containsExactly("t/a");
            assertThat(Files.readString(stage.target.resolve("moved-" + i + "/file"))).isEqualTo(i + "\n");
            assertThat(Files.readString(stage.target.resolve("file"))).isEqualTo(i + "\n");
            assertThat(Files.exists(stage.target.resolve("d/" + i))).isFalse();
        }

        stage.inSource("rm -r moved-*");
        Dromedary waiting = command(dromedary, "wait", "t/a");
        assertThat(waiting.awaitExit()).as(waiting.output()).isZero();
        assertThat(Files.exists(stage.target.resolve("moved-9"))).isFalse();
    }

    /** A busy mirror has no moment at which nothing is pending. */
    @Test
    void the_answer_comes_after_the_arrival_and_soon() throws Exception {
        Dromedary dromedary = stage.configured().start().awaitReady();
        List<Long> after = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stage.inSource("echo " + i + " >file");
            assertThat(dromedary.post(WAIT + "?timeout=30s").statusCode()).isEqualTo(200);
            long answered = System.currentTimeMillis();
            assertThat(stage.target.resolve("file")).hasContent(String.valueOf(i));
            // rsync renames it into place
            FileTime arrived = (FileTime) Files.getAttribute(stage.target.resolve("file"), "unix:ctime");
            after.add(answered - arrived.toMillis());
        }
        after.sort(null);
        System.out.println("answered so many ms after the arrival, of 20: median " + after.get(10) + ", longest " + after.get(19));
        assertThat(after.get(0)).isNotNegative();
    }

    @Test
    void it_is_right_while_everything_else_changes() throws Exception {
        Dromedary dromedary = stage.configured().start().awaitReady();
        AtomicInteger hot = new AtomicInteger();
        AtomicBoolean ends = new AtomicBoolean();
        ExecutorService churn = Executors.newSingleThreadExecutor();
        Future<?> churning = churn.submit(() -> {
            while (!ends.get()) {
                int next = hot.incrementAndGet();
                Path folder = Files.createDirectories(stage.source.resolve("churn-" + next % 20));
                Files.writeString(folder.resolve("f" + next % 7), "x".repeat(next % 5000));
                // whole or not at all
                Files.move(Files.writeString(stage.source.resolve("hot.new"), String.valueOf(next)), stage.source.resolve("hot"),
                        StandardCopyOption.ATOMIC_MOVE);
                if (next % 11 == 0) {
                    delete(folder);
                }
                Thread.sleep(1);
            }
            return null;
        });
        try {
            eventually("it is under way", dromedary, () -> hot.get() > 2);
            for (int i = 0; i < 20; i++) {
                stage.inSource("echo " + i + " >mine; mkdir -p in/" + i + "; echo " + i + " >in/" + i + "/file");
                int before = hot.get();
                assertThat(ended(dromedary, "")).containsExactly("t/a");
                assertThat(Files.readString(stage.target.resolve("mine"))).isEqualTo(i + "\n");
                assertThat(Files.readString(stage.target.resolve("in/" + i + "/file"))).isEqualTo(i + "\n");
                // the last one may not have been in its place
                assertThat(Integer.parseInt(Files.readString(stage.target.resolve("hot")))).isGreaterThanOrEqualTo(before - 1);
            }
        } finally {
            ends.set(true);
            churn.shutdown();
        }
        churning.get();
    }

    @Test
    void what_is_written_to_a_file_that_stays_open_counts() throws Exception {
        Dromedary dromedary = stage.configured("mirror.t.max-delay = 10m").start().awaitReady();
        ended(dromedary, "");
        try (OutputStream open = Files.newOutputStream(stage.source.resolve("log"))) {
            open.write("one\n".getBytes());
            assertThat(ended(dromedary, "")).containsExactly("t/a");
            assertThat(Files.readString(stage.target.resolve("log"))).isEqualTo("one\n");
            open.write("two\n".getBytes());
            assertThat(ended(dromedary, "")).containsExactly("t/a");
            assertThat(Files.readString(stage.target.resolve("log"))).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void all_names_of_a_file_are_there() throws Exception {
        stage.inSource("mkdir a b; echo 1 >a/file; ln a/file b/name");
        Dromedary dromedary = stage.configured().start().awaitReady();
        ended(dromedary, "");

        stage.inSource("echo 2 >a/file");
        assertThat(ended(dromedary, "")).containsExactly("t/a");
        assertThat(Files.readString(stage.target.resolve("b/name"))).isEqualTo("2\n");
    }

    @Test
    void a_large_file_and_a_whole_tree_are_waited_for() throws Exception {
        stage.inSource("mkdir many; for i in $(seq 300); do echo $i >many/$i; done; head -c 3000000 /dev/zero >large");
        Dromedary dromedary = stage.configured("mirror.t.large-file = 1m").start().awaitReady();
        assertThat(ended(dromedary, "")).containsExactly("t/a");
        assertThat(Files.size(stage.target.resolve("large"))).isEqualTo(3_000_000);
        assertThat(Files.readString(stage.target.resolve("many/300"))).isEqualTo("300\n");

        stage.inSource("head -c 4000000 /dev/zero >large");
        assertThat(ended(dromedary, "")).containsExactly("t/a");
        assertThat(Files.size(stage.target.resolve("large"))).isEqualTo(4_000_000);
    }

    @Test
    void where_a_target_is_away_the_rest_is_enough_if_that_is_said() throws Exception {
        Path here = stage.scratch.folder("here");
        Dromedary dromedary = stage.configured("mirror.t.target.b.url = " + here).start().awaitReady();
        eventuallySame(stage.source, here, dromedary);
        stage.daemon.stop();
        stage.inSource("echo 1 >file");
        eventuallyState("away", dromedary);

        Dromedary all = command(dromedary, "wait", "--timeout", "2s");
        Dromedary one = command(dromedary, "wait", "t", "--count", "1");
        Dromedary there = command(dromedary, "wait", "t/b");
        assertThat(all.awaitExit()).as(all.output()).isEqualTo(1);
        assertThat(all.output()).containsPattern("t/a: not there: away, \\d pending: nobody listens").doesNotContain("t/b");
        assertThat(one.awaitExit()).as(one.output()).isZero();
        assertThat(there.awaitExit()).as(there.output()).isZero();

        Dromedary waits = command(dromedary, "wait", "t/a", "--timeout", "50s");
        stage.daemon.start();
        assertThat(waits.awaitExit()).as(waits.output()).isZero();
        assertThat(Files.readString(stage.target.resolve("file"))).isEqualTo("1\n");
    }

    @Test
    void it_waits_over_a_pause_and_only_looks_if_that_is_wanted() throws Exception {
        Dromedary dromedary = stage.configured().start().awaitReady();
        assertThat(ended(dromedary, "")).containsExactly("t/a");
        dromedary.post("/api/mirrors/t/targets/a/pause");
        stage.inSource("echo 1 >file");

        Dromedary looks = command(dromedary, "wait", "--timeout", "0");
        assertThat(looks.awaitExit()).as(looks.output()).isEqualTo(1);
        assertThat(looks.output()).containsPattern("t/a: not there: paused, \\d pending: paused by hand");
        HttpResponse<String> first = dromedary.post(WAIT + "?timeout=100ms");
        assertThat(first.statusCode()).isEqualTo(504);
        assertThat(first.body().replace("\\/", "/")).contains("\"version\":1", "\"arrived\":[]", "\"target\":\"t/a\"", "\"state\":\"paused\"");
        Dromedary waits = command(dromedary, "wait", "--timeout", "50s");
        String token = json(first).getString("token");
        assertThat(dromedary.post(WAIT + "?timeout=0&token=" + token).statusCode()).isEqualTo(504);
        // later than the one that waits
        stage.inSource("echo 2 >later");
        assertThat(waits.isAlive()).isTrue();

        dromedary.post("/api/mirrors/t/targets/a/resume");
        HttpResponse<String> last = dromedary.post(WAIT + "?timeout=9s&token=" + token);
        assertThat(last.statusCode()).as(last.body()).isEqualTo(200);
        assertThat(last.body().replace("\\/", "/")).contains("\"arrived\":[\"t/a\"]", "\"missing\":[]");
        assertThat(waits.awaitExit()).as(waits.output()).isZero();
        ended(dromedary, "");
        eventually("a look that finds nothing pending", dromedary, () -> command(dromedary, "wait", "--timeout", "0").awaitExit() == 0);
    }

    @Test
    void those_who_wait_hold_up_nobody() throws Exception {
        Dromedary dromedary = stage.configured().start().awaitReady();
        ended(dromedary, "");
        dromedary.post("/api/mirrors/t/targets/a/pause");
        stage.inSource("echo 1 >file");
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<HttpResponse<String>>> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                waiting.add(threads.submit(() -> dromedary.post(WAIT + "?timeout=9s")));
            }
            for (int i = 0; i < 30; i++) {
                assertThat(dromedary.get("/api/status").statusCode()).isEqualTo(200);
            }
            assertThat(dromedary.target().getString("state")).isEqualTo("paused");
            assertThat(waiting).noneMatch(Future::isDone);

            dromedary.post("/api/mirrors/t/targets/a/resume");
            for (Future<HttpResponse<String>> each : waiting) {
                assertThat(each.get().statusCode()).isEqualTo(200);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void more_than_may_wait_are_refused_and_it_is_said() throws Exception {
        Dromedary dromedary = stage.configured().start().awaitReady();
        ended(dromedary, "");
        dromedary.post("/api/mirrors/t/targets/a/pause");
        stage.inSource("echo 1 >file");
        for (int i = 0; i < 64; i++) {
            assertThat(dromedary.post(WAIT + "?timeout=0").statusCode()).isEqualTo(504);
        }
        assertRefused(dromedary, "?timeout=0", 503, "64 wait already");
    }

    @Test
    void where_nothing_is_watched_the_whole_is_compared() throws Exception {
        assumeTrue(stage.works("unshare --user --map-root-user true"), "no user namespaces here");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.poll = 10m").dromedary().inotify(100, 0).start();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mkdir folder; echo 22 >folder/file");

        assertThat(ended(dromedary, "")).containsExactly("t/a");
        assertThat(Files.readString(stage.target.resolve("folder/file"))).isEqualTo("22\n");
    }

    @Test
    void what_is_asked_wrongly_is_refused_with_the_reason() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        assertThat(dromedary.post("/api/mirrors/nowhere/wait").statusCode()).isEqualTo(404);
        assertRefused(dromedary, "?targets=a,nowhere", 404, "there is no target t/nowhere");
        assertRefused(dromedary, "?timeout=soon", 400, "not a duration");
        assertRefused(dromedary, "?timeout=5m", 400, "ask again with token=");
        assertRefused(dromedary, "?count=2", 400, "from 1 to 1");
        assertRefused(dromedary, "?token=0123", 404, "not known any more");

        for (String[] wrong : new String[][] {{"wait", "nowhere"}, {"wait", "--count", "2"}, {"wait", "--timeout", "soon"}}) {
            Dromedary asked = command(dromedary, wrong);
            assertThat(asked.awaitExit()).as(asked.output()).isEqualTo(2);
        }
    }

    /** The first run that has it is under way when it changes: what that brings may be older. */
    @Test
    void the_run_that_is_under_way_is_not_taken_for_the_one_that_brings_it() throws Exception {
        StubRsync stub = StubRsync.in(stage.scratch);
        Dromedary dromedary = stage.configured("mirror.t.warm = off").dromedary().environment("PATH", stub.path()).start().awaitReady();
        ended(dromedary, "");
        stub.plays("if lists file; then bring \"$@\"; code=$?; held; exit $code; fi");
        stage.inSource("echo 1 >file");
        eventually("it is brought", dromedary, () -> Files.exists(stage.target.resolve("file")));
        stage.inSource("echo 2 >file");

        assertThat(dromedary.post(WAIT + "?timeout=300ms").statusCode()).isEqualTo(504);
        stub.letsGo();
        assertThat(ended(dromedary, "")).containsExactly("t/a");
        assertThat(Files.readString(stage.target.resolve("file"))).isEqualTo("2\n");
    }

    @Test
    void dead_letters_of_an_earlier_process_are_waited_for() throws Exception {
        Dromedary first = stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady();
        eventually("it knows the target", first, () -> first.target().getString("state").equals("live"));
        stage.daemon.stop();
        stage.inSource("echo 1 >file");
        eventually("a dead letter is kept", first, () -> !stage.deadLetters().isEmpty());
        first.terminate();
        Dromedary second = stage.start().awaitReady();
        assertThat(second.post(WAIT + "?timeout=300ms").statusCode()).isEqualTo(504);

        stage.daemon.start();
        assertThat(ended(second, "")).containsExactly("t/a");
        assertThat(Files.readString(stage.target.resolve("file"))).isEqualTo("1\n");
    }

    private static void assertRefused(Dromedary dromedary, String query, int code, String why) {
        HttpResponse<String> answer = dromedary.post(WAIT + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
        assertThat(answer.body().replace("\\/", "/")).contains(why);
    }

    // asks until it has ended; the targets that it names
    private static List<String> ended(Dromedary dromedary, String token) throws Exception {
        HttpResponse<String> answer = dromedary.post(WAIT + "?timeout=9s" + token);
        for (int i = 0; i < 5 && answer.statusCode() == 504; i++) {
            answer = dromedary.post(WAIT + "?timeout=9s&token=" + json(answer).getString("token"));
        }
        assertThat(answer.statusCode()).as(answer.body() + dromedary.shownOutput()).isEqualTo(200);
        return json(answer).<List<?>>getCollection("arrived").stream().map(String::valueOf).toList();
    }

    private static JsonObject json(HttpResponse<String> answer) throws Exception {
        return (JsonObject) Jsoner.deserialize(answer.body());
    }

    private Dromedary command(Dromedary of, String... arguments) {
        return stage.dromedary().port(of.port()).start(arguments);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
    }
}
