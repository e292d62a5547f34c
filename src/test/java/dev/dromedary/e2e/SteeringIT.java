package dev.dromedary.e2e;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class SteeringIT {

    private static final String TARGET = "/api/mirrors/t/targets/a/";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void the_status_tells_what_was_carried() {
        stage.inSource("mkdir folder; echo 12345 >folder/one; echo 1 >two");
        stage.inTarget("echo 2 >stale");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the run has ended", dromedary, () -> dromedary.target().getMap("lastReconcile") != null);

        JsonObject target = dromedary.target();
        assertThat(target.<JsonObject>getMap("lastReconcile")).containsEntry("outcome", "arrived");
        assertThat(target.<JsonObject>getMap("lastReconcile").getInteger("deletes")).isEqualTo(1);
        assertThat(target.<JsonObject>getMap("totals").getInteger("files")).isGreaterThanOrEqualTo(2);
        assertThat(target.<JsonObject>getMap("totals").getInteger("bytes")).isGreaterThanOrEqualTo(8);
        assertThat(target.getString("lastArrival")).isNotNull();
        eventuallyState("live", dromedary);
        assertThat(dromedary.json("/api/status").getInteger("version")).isEqualTo(1);
        assertThat(dromedary.json("/api/status").toJson()).contains("\"foldersWatched\":2", "\"events\":");
    }

    @Test
    void a_daemon_that_says_little_does_not_take_the_figures_away() {
        RsyncDaemon quiet = RsyncDaemon.in(stage.scratch).module("m", stage.target).with("max verbosity = 0").start();
        stage.inSource("echo 1 >one");
        stage.inTarget("echo 2 >stale");
        Dromedary dromedary = stage.configuredOnlyWith("mirror.t.source = " + stage.source,
                "mirror.t.target.a.url = " + quiet.url("m")).start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the figures", dromedary, () -> dromedary.target().<JsonObject>getMap("totals").getInteger("files") > 0
                && dromedary.target().<JsonObject>getMap("totals").getInteger("deletes") == 1);
    }

    @Test
    void a_large_run_tells_how_far_it_is() {
        stage.inSource("head -c 3000000 /dev/zero >large; echo 1 >small");
        Dromedary dromedary = stage.configured("mirror.t.bandwidth-limit = 500").start().awaitReady();

        eventually("it is on its way", dromedary, () -> {
            JsonObject target = dromedary.target();
            return target.getString("state").equals("catching up") && target.<List<?>>getCollection("runs").stream()
                    .map(JsonObject.class::cast).anyMatch(run -> run.getInteger("percent") > 0 && run.getInteger("percent") < 100
                            && run.getInteger("bytes") > 0 && run.getInteger("bytesPerSecond") > 0);
        });
        assertThat(dromedary.terminate()).isIn(0, 143);
    }

    @Test
    void what_is_paused_stays_so_until_it_is_resumed() {
        stage.inSource("echo 1 >file");
        Dromedary first = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, first);
        assertThat(first.post(TARGET + "pause").body()).contains("\"state\":\"paused\"").contains("paused by hand since");

        stage.inSource("echo 2 >file; echo 2 >other");
        eventually("it is owed", first, () -> first.target().getInteger("pending") > 0);
        first.terminate();
        Dromedary second = stage.start().awaitReady();
        eventuallyState("paused", second);
        assertThat(Tree.of(stage.target).has("other")).isFalse();

        assertThat(second.post(TARGET + "resume").statusCode()).isEqualTo(200);
        eventuallySettled(stage, second);
        eventuallyState("live", second);
        second.terminate();
        eventuallyState("live", stage.start().awaitReady());
    }

    @Test
    void what_max_delete_has_halted_goes_on_when_a_person_says_so() {
        stage.inSource("touch 1 2 3 4 5 6");
        Dromedary dromedary = stage.configured("mirror.t.max-delete = 4").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("rm 1 2 3 4 5 6");
        eventuallyState("halted", dromedary);

        assertThat(Tree.of(stage.target).size()).isEqualTo(7);
        // these, and no others after them
        dromedary.post(TARGET + "resume");
        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
        stage.inSource("touch 1 2 3 4 5 6");
        eventuallySettled(stage, dromedary);
        stage.inSource("rm 1 2 3 4 5");
        eventuallyState("halted", dromedary);
        assertThat(Tree.of(stage.target).size()).isEqualTo(7);
        Dromedary dry = stage.dromedary().start("once", "--dry-run");
        dry.awaitExit();
        assertThat(dry.output()).contains("would delete  1\n", "would delete  5\n");
        stage.inSource("touch 1 2 3");
        dromedary.post(TARGET + "resume");
        eventuallySettled(stage, dromedary);
    }

    @Test
    void a_target_that_is_back_is_asked_at_once_and_what_waits_is_tried_at_once() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = "
                + stage.daemon.url("m"), "mirror.t.replay = 1h", "mirror.t.retries = 0", "mirror.t.retry-delay = 30m")
                .start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        eventuallyState("away", dromedary);
        stage.daemon.start();

        assertThat(dromedary.post(TARGET + "replay").statusCode()).isEqualTo(200);
        eventuallySettled(stage, dromedary);
    }

    @Test
    void a_reconcile_and_a_verification_may_be_asked_for() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySettled(stage, dromedary);
        stage.inTarget("echo 2 >stale; echo 2 >file; touch -r " + stage.source + "/file file");

        assertThat(dromedary.post(TARGET + "verify").statusCode()).isEqualTo(200);
        eventually("what differs is told", dromedary, () -> {
            JsonObject found = dromedary.target().getMap("verification");
            return found.getString("ended") != null && found.getInteger("differing") >= 1
                    && found.getInteger("onlyAtTarget") == 1 && found.toJson().contains("stale");
        });
        assertThat(Tree.of(stage.target).has("stale")).isTrue();

        assertThat(dromedary.post(TARGET + "reconcile").statusCode()).isEqualTo(200);
        eventually("the stale file is gone", dromedary, () -> !Tree.of(stage.target).has("stale"));
    }

    @Test
    void a_dead_letter_is_listed_tried_and_discarded() throws IOException {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = "
                + stage.daemon.url("m"), "mirror.t.replay = 1h").dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stub.plays("lists stuck && { bring \"$@\" --exclude=/stuck*; echo 'rsync: [sender] send_files failed to open \""
                + stage.source + "/stuck\": Permission denied (13)' >&2; exit 23; }");
        stage.inSource("echo 1 >stuck");
        eventually("it is listed", dromedary, () -> dromedary.json("/api/dead-letters").getInteger("total") == 1);
        JsonObject letter = (JsonObject) dromedary.json("/api/dead-letters?mirror=t&target=a&limit=1")
                .<List<?>>getCollection("deadLetters").get(0);
        assertThat(letter.getString("reason")).contains("some paths could not be transferred");
        assertThat(letter.getString("nextAttempt")).isNotNull();
        JsonObject one = dromedary.json("/api/dead-letters/" + letter.getString("id"));
        assertThat(one.toJson()).contains("\"owed\":[{").contains("\"path\":\"stuck\"").contains("\"reason\":");
        Dromedary asked = stage.dromedary().port(dromedary.port()).start("dead-letters", letter.getString("id"));
        assertThat(asked.awaitExit()).as(asked.output()).isEqualTo(1);
        assertThat(asked.output()).contains("some paths could not be transferred").contains("    stuck");
        assertThat(dromedary.get("/api/dead-letters/t.a.x").statusCode()).isEqualTo(404);
        assertThat(dromedary.get("/api/dead-letters/" + letter.getString("id") + "?offset=x").statusCode()).isEqualTo(400);
        assertThat(dromedary.json("/api/dead-letters?mirror=u").getInteger("total")).isZero();
        assertThat(dromedary.json("/api/dead-letters?offset=1").<List<?>>getCollection("deadLetters")).isEmpty();

        long runs = stub.runs();
        assertThat(dromedary.post("/api/dead-letters/" + letter.getString("id") + "/replay").statusCode()).isEqualTo(200);
        eventually("it is tried", dromedary, () -> stub.runs() > runs);
        eventually("it is kept again", dromedary, () -> dromedary.json("/api/dead-letters").toJson().contains("\"attempts\":2"));
        letter = (JsonObject) dromedary.json("/api/dead-letters").<List<?>>getCollection("deadLetters").get(0);

        assertThat(dromedary.post("/api/dead-letters/" + letter.getString("id") + "/discard").statusCode()).isEqualTo(200);
        assertThat(dromedary.json("/api/dead-letters").getInteger("total")).isZero();
        assertThat(stage.deadLetters()).isEmpty();
        try (var aside = Files.list(stage.state.resolve("quarantine/t/a"))) {
            assertThat(aside).hasSize(2);
        }
        eventuallyState("live", dromedary);
    }

    @Test
    void what_is_not_there_is_not_found() {
        Dromedary dromedary = stage.configured().start().awaitReady();

        for (String path : List.of("/api/mirrors/t/targets/b/pause", "/api/mirrors/u/targets/a/pause",
                "/api/mirrors/t/targets/a/explode", "/api/mirrors/..%2f..%2fetc/targets/a/pause",
                "/api/mirrors/t/targets/a%3Fx=y/reconcile", "/api/dead-letters/..%2f..%2f..%2flock/discard",
                "/api/dead-letters/t.a.x/discard", "/api/dead-letters/t.a.x/explode")) {
            HttpResponse<String> answer = dromedary.post(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).contains("\"error\":");
            assertThat(stage.state.resolve("lock")).as(path).exists();
        }
        eventuallyState("live", dromedary);
    }

    @Test
    void all_views_say_the_same_in_every_state() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("touch 1 2 3 4 5 6");
        Dromedary dromedary = stage.configured("mirror.t.max-delete = 4").dromedary().environment("PATH", stub.path()).start()
                .awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        assertAgree("live", 0, dromedary);

        stub.plays("lists large && held");
        stage.inSource("echo 1 >large");
        assertAgree("catching up", 0, dromedary);
        stub.letsGo();
        eventuallySettled(stage, dromedary);

        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        assertAgree("away", 1, dromedary);
        assertThat(dromedary.get("/observe/metrics").body())
                .contains("dromedary_failures_total{cause=\"nobody listens there\",mirror=\"t\",target=\"a\"} ")
                .contains("dromedary_arrival_seconds_bucket{mirror=\"t\",target=\"a\",le=\"0.01\"} ");

        // the folder that the file is in may be owed besides
        eventually("they agree on what is pending", dromedary, () -> dromedary.target().getInteger("pending") >= 1
                && dromedary.get("/observe/metrics").body().contains("dromedary_pending{mirror=\"t\",target=\"a\"} "
                        + dromedary.target().getInteger("pending") + ".0"));

        dromedary.post(TARGET + "pause");
        assertAgree("paused", 1, dromedary);
        stage.daemon.start();
        dromedary.post(TARGET + "resume");
        eventuallySettled(stage, dromedary);

        stub.plays("echo 'rsync: [receiver] write failed on \"large\" (in m): No space left on device (28)' >&2; exit 11");
        stage.inSource("echo 3 >file");
        assertAgree("full", 1, dromedary);
        stub.plays("");
        dromedary.post(TARGET + "replay");
        eventuallySettled(stage, dromedary);

        stage.inSource("rm 1 2 3 4 5 6");
        assertAgree("halted", 1, dromedary);
    }

    private void assertAgree(String state, int exit, Dromedary dromedary) {
        eventuallyState(state, dromedary);
        eventually("the metrics say " + state, dromedary, () -> dromedary.get("/observe/metrics").body()
                .contains("dromedary_state{mirror=\"t\",state=\"" + state + "\",target=\"a\"} 1.0"));
        boolean down = List.of("away", "full", "halted").contains(state);
        eventually("the health says " + state, dromedary, () -> {
            String health = dromedary.get("/observe/health").body();
            return down == health.contains("target:t") && (!down || health.contains(state + ": "));
        });
        assertThat(dromedary.get("/observe/health/ready").statusCode()).isEqualTo(200);
        assertThat(dromedary.get("/observe/health/live").statusCode()).isEqualTo(200);
        Dromedary asked = stage.dromedary().port(dromedary.port()).start("status", "t/a");
        assertThat(asked.awaitExit()).as(asked.output()).isEqualTo(exit);
        assertThat(asked.output()).contains("t/a     " + state);
    }
}
