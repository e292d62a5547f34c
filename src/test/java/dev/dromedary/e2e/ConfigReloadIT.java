package dev.dromedary.e2e;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.Sh;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.e2e.Settled.startedFor;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** The configuration that is taken in while the program runs. */
class ConfigReloadIT {

    @AutoClose
    private final Stage stage = new Stage();
    private final Path second = stage.scratch.folder("second");

    private String[] withSecond(String... more) {
        return Stream.concat(Stage.quickTarget("b", second).stream(), Arrays.stream(more)).toArray(String[]::new);
    }

    private static JsonObject takenIn(Dromedary dromedary) {
        HttpResponse<String> answer = dromedary.post("/api/reload");
        assertThat(answer.statusCode()).as(() -> answer.body() + dromedary.shownOutput()).isEqualTo(200);
        JsonObject json = json(answer);
        // they are read as BigDecimal
        for (String number : List.of("version", "unchanged")) {
            json.put(number, json.getInteger(number));
        }
        return json;
    }

    private static JsonObject json(HttpResponse<String> answer) {
        try {
            return (JsonObject) Jsoner.deserialize(answer.body());
        } catch (DeserializationException e) {
            throw new AssertionError(answer.body(), e);
        }
    }

    private static JsonObject mirror(Dromedary dromedary) {
        return (JsonObject) dromedary.json("/api/status").<List<?>>getCollection("mirrors").get(0);
    }

    private Thread churning(AtomicBoolean end) {
        Thread load = new Thread(() -> new Churn(stage.source, stage.scratch.folder("outside"), 1, 1).until(end::get));
        load.start();
        return load;
    }

    @Test
    void a_target_that_is_added_under_load_gets_everything_and_the_others_do_not_notice() throws Exception {
        stage.inSource("mkdir a b; echo 1 >a/old");
        Dromedary dromedary = stage.configured("mirror.t.first-run = delete").start().awaitReady();
        eventuallyState("live", dromedary);
        AtomicBoolean end = new AtomicBoolean();
        Thread load = churning(end);
        try {
            eventually("runs", dromedary, () -> dromedary.target().<JsonObject>getMap("totals").getInteger("runs") > 3);
            int runs = dromedary.target().<JsonObject>getMap("totals").getInteger("runs");
            int events = mirror(dromedary).getInteger("events");
            stage.configured(withSecond("mirror.t.first-run = delete"));

            JsonObject answer = takenIn(dromedary);

            assertThat(answer).containsEntry("version", 1).containsEntry("added", List.of("t/b")).containsEntry("removed", List.of())
                    .containsEntry("changed", List.of()).containsEntry("unchanged", 1).containsEntry("needsRestart", List.of())
                    .containsEntry("faults", List.of());
            assertThat(dromedary.target().<JsonObject>getMap("totals").getInteger("runs")).isGreaterThanOrEqualTo(runs);
            assertThat(mirror(dromedary).getInteger("events")).isGreaterThanOrEqualTo(events);
        } finally {
            end.set(true);
            load.join();
        }
        stage.inSource("echo 1 >last");

        eventuallySame(stage.source, second, dromedary);
        eventuallySettled(stage, dromedary);
        eventually("nothing of the other is kept", dromedary, () -> Mirrors.deadLetters(stage.state, "t", "b").isEmpty());
        assertThat(dromedary.output()).doesNotContain("is watched again");
        assertThat(dromedary.get("/observe/metrics").body()).contains("dromedary_lag_seconds{mirror=\"t\",target=\"b\"}");
        assertThat(dromedary.get("/observe/health?exposureLevel=full").body()).contains("target:t\\/b");
    }

    @Test
    void the_run_that_a_target_has_ready_outlives_that_another_comes_and_goes() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.warm = always").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("one is ready", dromedary, () -> !startedFor(stage.state).isEmpty());
        List<Long> ready = startedFor(stage.state);

        stage.configured(withSecond("mirror.t.warm = always", "mirror.t.target.b.warm = off"));
        takenIn(dromedary);
        eventuallySame(stage.source, second, dromedary);
        stage.configured("mirror.t.warm = always");
        assertThat(takenIn(dromedary)).containsEntry("removed", List.of("t/b")).containsEntry("unchanged", 1);

        assertThat(startedFor(stage.state)).containsAll(ready);
    }

    @Test
    void a_target_that_is_removed_is_known_no_more_and_what_it_is_owed_is_kept() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured(withSecond()).start().awaitReady();
        eventuallySame(stage.source, second, dromedary);
        assertThat(dromedary.post("/api/mirrors/t/targets/b/pause").statusCode()).isEqualTo(200);
        stage.inSource("echo 2 >file; echo 2 >other");
        eventuallySame(stage.source, stage.target, dromedary);

        stage.configured();
        assertThat(takenIn(dromedary)).containsEntry("removed", List.of("t/b")).containsEntry("unchanged", 1);

        assertThat(dromedary.get("/api/status").body()).doesNotContain("\"name\":\"b\"");
        assertThat(dromedary.get("/observe/metrics").body()).contains("target=\"a\"").doesNotContain("target=\"b\"");
        assertThat(dromedary.get("/observe/health?exposureLevel=full").body()).contains("target:t\\/a").doesNotContain("target:t\\/b");
        assertThat(dromedary.post("/api/mirrors/t/targets/b/resume").statusCode()).isEqualTo(404);
        assertThat(Mirrors.deadLetters(stage.state, "t", "b")).isNotEmpty();
        stage.inSource("echo 3 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(second.resolve("file")).hasContent("1");

        // still paused, by hand; what changed meanwhile it gets by a comparison
        stage.configured(withSecond("mirror.t.reconcile-on-start = false"));
        takenIn(dromedary);
        eventuallyState("paused", dromedary);
        assertThat(dromedary.post("/api/mirrors/t/targets/b/resume").statusCode()).isEqualTo(200);
        eventuallySame(stage.source, second, dromedary);
        eventually("nothing is kept", dromedary, () -> Mirrors.deadLetters(stage.state, "t", "b").isEmpty());
    }

    @Test
    void who_waits_or_asks_finds_a_target_that_was_added() throws IOException {
        Path status = stage.routes().resolve("status.camel.yaml");
        Files.writeString(status, Files.readString(status).replaceAll("(initialDelay|delay): 30000", "$1: 300"));
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.post("/api/mirrors/t/wait?targets=b").statusCode()).isEqualTo(404);
        stage.configured(withSecond());
        takenIn(dromedary);
        eventuallySame(stage.source, second, dromedary);

        stage.inSource("echo 2 >file");
        HttpResponse<String> waited = dromedary.post("/api/mirrors/t/wait?targets=b");

        assertThat(waited.statusCode()).as(waited.body()).isEqualTo(200);
        assertThat(json(waited)).containsEntry("arrived", List.of("t/b"));
        assertThat(second.resolve("file")).hasContent("2");
        assertThat(explained(dromedary)).containsExactlyInAnyOrder("t/a", "t/b");
        eventually("it is in the log", dromedary, () -> dromedary.json("/api/log?mirror=t&target=b&path=file&action=sent")
                .<List<?>>getCollection("entries").size() >= 2);
        eventually("the page has its history", dromedary, () -> !dromedary.get("/api/history?target=b").body().contains("\"bytes\":[]")
                && dromedary.get("/api/history?target=b").body().contains("\"target\":\"b\"")
                && dromedary.json("/api/events").<List<?>>getCollection("present").size() == 2);

        stage.configured();
        takenIn(dromedary);
        assertThat(dromedary.post("/api/mirrors/t/wait?targets=b").statusCode()).isEqualTo(404);
        assertThat(explained(dromedary)).containsExactly("t/a");
        assertThat(dromedary.json("/api/history").<List<?>>getCollection("targets")).hasSize(1);
        assertThat(dromedary.json("/api/events").<List<?>>getCollection("present")).hasSize(1);
        assertThat(dromedary.terminate()).isEqualTo(143);
        assertThat(stage.state.resolve("history.json")).content().contains("a\":{\"hour\"").doesNotContain("b\":{\"hour\"");
    }

    private List<String> explained(Dromedary dromedary) {
        JsonObject mirror = (JsonObject) dromedary.json("/api/explain?path=" + stage.source.resolve("file")).<List<?>>getCollection("mirrors").get(0);
        return mirror.<List<?>>getCollection("targets").stream().map(target -> ((JsonObject) target).getString("target")).toList();
    }

    @Test
    void who_waits_goes_on_without_a_target_that_is_taken_away() throws Exception {
        Path told = stage.home.resolve("told");
        Path hook = Files.writeString(stage.home.resolve("hook"), "#!/bin/sh\n{ cat; echo; } >>" + told + "\n");
        Sh.run(stage.home, "chmod +x hook");
        String everywhere = "mirror.t.arrived-everywhere = exec:" + hook;
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured(withSecond(everywhere)).start().awaitReady();
        eventuallySame(stage.source, second, dromedary);
        assertThat(dromedary.post("/api/mirrors/t/targets/b/pause").statusCode()).isEqualTo(200);
        stage.inSource("echo 2 >other");
        eventuallySame(stage.source, stage.target, dromedary);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Dromedary waits = stage.dromedary().port(dromedary.port()).start("wait", "t", "--timeout", "50s");
            HttpResponse<String> looked = dromedary.post("/api/mirrors/t/wait?timeout=0");
            assertThat(looked.statusCode()).isEqualTo(504);
            Future<HttpResponse<String>> held = thread.submit(() -> dromedary.post("/api/mirrors/t/wait?timeout=9s&token="
                    + json(looked).getString("token")));

            stage.configured(everywhere);
            takenIn(dromedary);

            assertThat(json(held.get())).containsEntry("arrived", List.of("t/a")).containsEntry("missing", List.of());
            assertThat(waits.awaitExit()).as(waits::output).isZero();
            eventually("it is told", dromedary, () -> Files.exists(told) && Files.readString(told).contains("\"path\":\"other\""));
        } finally {
            thread.shutdownNow();
        }
        stage.configured(withSecond(everywhere));
        takenIn(dromedary);
        stage.inSource("echo 3 >third");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(Files.readString(told)).doesNotContain("third");
        assertThat(dromedary.post("/api/mirrors/t/targets/b/resume").statusCode()).isEqualTo(200);
        eventually("it is told", dromedary, () -> Files.readString(told).contains("\"path\":\"third\""));
        assertThat(second.resolve("third")).exists();
    }

    @Test
    void somebody_is_told_by_the_new_configuration_how_far_behind_a_target_is() throws IOException {
        Path told = stage.home.resolve("told");
        Path hook = Files.writeString(stage.home.resolve("hook"), "#!/bin/sh\n{ cat; echo; } >>" + told + "\n");
        Sh.run(stage.home, "chmod +x hook");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.post("/api/mirrors/t/targets/a/pause").statusCode()).isEqualTo(200);
        stage.inSource("echo 2 >file");

        stage.configured("mirror.t.target.a.lag-alarm = 1s", "mirror.t.target.a.on-failure = exec:" + hook);
        takenIn(dromedary);
        eventually("it is told", dromedary, () -> dromedary.get("/api/status").body().contains("behind: ") && Files.exists(told));

        stage.configured();
        takenIn(dromedary);
        assertThat(dromedary.get("/api/status").body()).doesNotContain("behind: ");
        assertThat(dromedary.post("/api/mirrors/t/targets/a/resume").statusCode()).isEqualTo(200);
        eventuallySettled(stage, dromedary);
    }

    @Test
    void a_target_gets_releases_from_now_on_and_what_has_gathered_goes_by_the_new_time() throws IOException {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Path elsewhere = stage.scratch.folder("elsewhere");

        stage.configured(withSecond("mirror.t.target.b.releases = 3"));
        takenIn(dromedary);
        Path current = second.resolve("current");
        eventually("it waits", dromedary, () -> dromedary.get("/api/status").body().contains("waits for: dromedary release"));
        assertThat(current).doesNotExist();
        stage.configured(withSecond("mirror.t.target.b.releases = 3", "mirror.t.target.b.quiet = 500ms"));
        assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/b")).containsEntry("unchanged", 1);
        eventually("one is made", dromedary, () -> Files.exists(current.resolve("file")));
        eventually("it is counted", dromedary, () -> dromedary.get("/observe/metrics").body()
                .contains("dromedary_release{mirror=\"t\",target=\"b\"} 1.0"));
        stage.inSource("echo 2 >file");
        eventually("the next one is made", dromedary, () -> Files.readString(current.resolve("file")).equals("2\n"));

        List<String> live = new ArrayList<>(Arrays.asList(withSecond()));
        live.replaceAll(line -> line.replace(second.toString(), elsewhere.toString()));
        stage.configured(live.toArray(String[]::new));
        assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/b"));
        eventuallySame(stage.source, elsewhere, dromedary);
        assertThat(dromedary.get("/observe/metrics").body()).doesNotContain("dromedary_release{");
        stage.inSource("echo 3 >file");
        eventuallySettled(stage, dromedary);
        eventuallySame(stage.source, elsewhere, dromedary);
        assertThat(current.resolve("file")).hasContent("2");
    }

    @Test
    void a_changed_exclude_holds_and_what_it_left_out_comes_when_it_is_gone() {
        stage.inSource("echo 1 >file; echo 1 >a.tmp");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.configured("mirror.t.exclude = *.tmp");
        assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/a"));
        stage.inSource("echo 2 >a.tmp; echo 2 >b.tmp; echo 2 >file; echo 2 >other");
        eventually("what is not left out", dromedary, () -> Files.exists(stage.target.resolve("other"))
                && Files.readString(stage.target.resolve("file")).equals("2\n"));
        assertThat(stage.target.resolve("a.tmp")).hasContent("1");
        assertThat(stage.target.resolve("b.tmp")).doesNotExist();

        stage.configured();
        takenIn(dromedary);
        eventuallySettled(stage, dromedary);
    }

    @Test
    void a_limit_holds_from_the_next_run_and_a_run_that_is_under_way_loses_nothing() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.configured("mirror.t.target.a.bandwidth-limit = 50");
        assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/a"));
        stage.inSource("head -c 6000000 /dev/urandom >slow");
        eventually("it is on its way, slowly", dromedary, () -> startedFor(stage.state).stream().anyMatch(pid -> hasWord(pid, "--bwlimit=50"))
                && dromedary.target().<List<?>>getCollection("runs").stream().map(JsonObject.class::cast).anyMatch(run -> run.getInteger("percent") > 0));

        stage.configured();
        takenIn(dromedary);
        eventuallySettled(stage, dromedary);
    }

    private static boolean hasWord(long pid, String word) {
        try {
            return Arrays.asList(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).split("\0")).contains(word);
        } catch (IOException e) {
            // it has ended meanwhile
            return false;
        }
    }

    @Test
    void options_changed_again_and_again_under_load_lose_no_change() throws Exception {
        stage.inSource("mkdir a b");
        Dromedary dromedary = stage.configured("mirror.t.first-run = delete").start().awaitReady();
        eventuallyState("live", dromedary);
        AtomicBoolean end = new AtomicBoolean();
        Thread load = churning(end);
        try {
            for (int i = 1; i <= 4; i++) {
                // of the target alone; then of the watch, too
                stage.configured("mirror.t.first-run = delete", "mirror.t.target.a.timeout = " + (60 + i) + "s");
                assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/a"));
                stage.configured("mirror.t.first-run = delete", "mirror.t.target.a.timeout = " + (60 + i) + "s",
                        "mirror.t.window = " + (10 + i) + "ms");
                assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/a"));
            }
        } finally {
            end.set(true);
            load.join();
        }
        stage.inSource("echo 1 >last");

        eventuallySettled(stage, dromedary);
        eventuallyState("live", dromedary);
    }

    @Test
    void what_a_target_that_is_away_is_owed_goes_by_the_new_options() {
        stage.inSource("echo 1 >file; echo 1 >gone");
        Dromedary dromedary = stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady();
        stage.inSource("echo 2 >file; rm gone");
        eventually("it is there", dromedary, () -> Files.exists(stage.target.resolve("file")));
        stage.daemon.stop();
        stage.inSource("echo 3 >file; echo 3 >other");
        eventuallyState("away", dromedary);

        stage.configured("mirror.t.reconcile-on-start = false", "mirror.t.target.a.rsync-options = --chmod=F600");
        assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/a"));
        stage.daemon.start();

        eventually("it is as the new options want it", dromedary, () -> Files.exists(stage.target.resolve("other"))
                && Sh.run(stage.target, "stat -c %a file other").equals("600\n600\n"));
        eventually("nothing is kept", dromedary, () -> stage.deadLetters().isEmpty());
    }

    @Test
    void a_target_that_is_elsewhere_gets_everything_there() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady();
        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, stage.target, dromedary);

        stage.configuredFor(second.toString(), "mirror.t.reconcile-on-start = false");
        assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/a"));

        eventuallySame(stage.source, second, dromedary);
        stage.inSource("echo 3 >file");
        eventuallySame(stage.source, second, dromedary);
        assertThat(stage.target.resolve("file")).hasContent("2");
        assertThat(dromedary.target()).containsEntry("url", second.toString());
    }

    @Test
    void mirrors_come_and_go_and_have_another_source() {
        Path another = stage.scratch.folder("another");
        Sh.run(another, "echo 1 >other");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.configured("mirror.u.source = " + another, "mirror.u.target.a.url = " + second);
        assertThat(takenIn(dromedary)).containsEntry("added", List.of("u/a")).containsEntry("unchanged", 1);
        eventuallySame(another, second, dromedary);
        Sh.run(another, "echo 2 >other");
        eventuallySame(another, second, dromedary);
        assertThat(dromedary.get("/observe/metrics").body()).contains("dromedary_folders_watched{mirror=\"u\"}");
        dromedary.awaitReady();

        Path third = stage.scratch.folder("third");
        Sh.run(third, "echo 3 >other; echo 3 >more");
        stage.configured("mirror.u.source = " + third, "mirror.u.target.a.url = " + second, "mirror.u.first-run = delete");
        assertThat(takenIn(dromedary)).containsEntry("changed", List.of("u/a")).containsEntry("unchanged", 1);
        eventuallySame(third, second, dromedary);
        Sh.run(third, "echo 4 >other");
        eventuallySame(third, second, dromedary);

        stage.configured();
        assertThat(takenIn(dromedary)).containsEntry("removed", List.of("u/a")).containsEntry("unchanged", 1);
        assertThat(dromedary.get("/api/status").body()).doesNotContain("\"name\":\"u\"");
        assertThat(dromedary.get("/observe/metrics").body()).doesNotContain("mirror=\"u\"");
        stage.inSource("echo 2 >file");
        eventuallySettled(stage, dromedary);
        assertThat(dromedary.output()).doesNotContain("watch-t: " + stage.source + " is watched again");
    }

    @Test
    void a_faulty_file_changes_nothing_and_all_faults_are_said() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.configured(withSecond("mirror.t.windw = 1s", "mirror.t.target.b.retries = many", "dromedary.reload = auto"));
        HttpResponse<String> refused = dromedary.post("/api/reload");
        Dromedary asked = stage.dromedary().port(dromedary.port()).start("reload");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(json(refused).<List<?>>getCollection("faults")).hasSize(2);
        assertThat(json(refused).getString("error")).contains("is refused, and nothing is changed");
        assertThat(asked.awaitExit()).isEqualTo(1);
        assertThat(asked.output()).contains("dromedary: mirror.t.windw = 1s: this key is not known; did you mean mirror.t.window?")
                .contains("dromedary: mirror.t.target.b.retries = many: ");
        assertThat(dromedary.output()).contains("is NOT taken in, all is as it was: mirror.t.windw = 1s: this key is not known");
        assertThat(dromedary.get("/api/status").body()).doesNotContain("\"name\":\"b\"");
        stage.inSource("echo 2 >file");
        eventuallySettled(stage, dromedary);
    }

    @Test
    void what_no_route_can_be_made_of_is_taken_back() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.configured(withSecond("mirror.t.target.a.after = log:x?nonsense=1"));
        HttpResponse<String> refused = dromedary.post("/api/reload");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("nonsense");
        assertThat(dromedary.get("/api/status").body()).contains("\"name\":\"a\"").doesNotContain("\"name\":\"b\"");
        stage.inSource("echo 2 >file");
        eventuallySettled(stage, dromedary);
        stage.configured(withSecond());
        assertThat(takenIn(dromedary)).containsEntry("added", List.of("t/b")).containsEntry("unchanged", 1);
        eventuallySame(stage.source, second, dromedary);
    }

    @Test
    void by_the_command_line_it_is_said_what_came_of_it() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured(withSecond()).start().awaitReady();
        eventuallySame(stage.source, second, dromedary);

        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, "dromedary.max-runs = 3",
                "mirror.t.target.c.url = " + stage.scratch.folder("third")));
        lines.addAll(Stage.quickTarget("a", stage.daemon.url("m")));
        lines.add("mirror.t.target.a.warm = 2s");
        stage.configuredOnlyWith(lines.toArray(String[]::new));
        Dromedary asked = stage.dromedary().port(dromedary.port()).start("reload");

        assertThat(asked.awaitExit()).as(asked::output).isZero();
        assertThat(asked.output()).isEqualTo("""
                t/c: added
                t/b: removed
                t/a: changed
                unchanged targets: 0
                dromedary.max-runs: needs a restart
                """);
        eventuallySame(stage.source, stage.scratch.folder("third"), dromedary);
        assertThat(dromedary.output()).contains("of dromedary.max-runs needs a restart");
    }

    @Test
    void what_is_given_by_the_command_line_wins_as_at_the_start() {
        stage.inSource("echo 1 >file");
        Path given = stage.scratch.folder("given");
        Dromedary dromedary = stage.configured(withSecond("dromedary.state-dir = state")).dromedary()
                .property("mirror.t.target.b.url", given.toString()).start().awaitReady();
        eventuallySame(stage.source, given, dromedary);

        stage.configured(withSecond("dromedary.state-dir = another", "mirror.t.target.b.retries = 2"));
        assertThat(takenIn(dromedary)).containsEntry("changed", List.of("t/b")).containsEntry("needsRestart", List.of("dromedary.state-dir"));

        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, given, dromedary);
        assertThat(second).isEmptyDirectory();
        assertThat(stage.home.resolve("another")).doesNotExist();
    }

    @Test
    void sighup_takes_it_in_and_ends_nothing() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.configured(withSecond());
        Sh.run(stage.home, "kill -HUP " + dromedary.pid());
        eventuallySame(stage.source, second, dromedary);
        stage.configured("nonsense.of = mine", "mirror.t.target.a.nonsense = 1");
        Sh.run(stage.home, "kill -HUP " + dromedary.pid());
        eventually("the fault", dromedary, () -> dromedary.output().contains("is NOT taken in, all is as it was: mirror.t.target.a.nonsense"));

        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, second, dromedary);
        eventuallySettled(stage, dromedary);
        assertThat(dromedary.terminate()).isEqualTo(143);
    }

    @Test
    void it_is_taken_in_by_itself_when_another_file_was_put_in_its_place() throws IOException {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("dromedary.reload = auto").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Path file = stage.home.resolve("config/application.properties");
        Path before = Files.copy(file, stage.home.resolve("config/before"));

        stage.configuredIn(stage.scratch.folder("beside"), withSecond("dromedary.reload = auto"));
        Files.move(stage.scratch.folder("beside").resolve("config/application.properties"), file, StandardCopyOption.ATOMIC_MOVE);
        eventuallySame(stage.source, second, dromedary);

        // by hand again, as it says itself
        Files.writeString(before, Files.readString(before).replace("dromedary.reload = auto", ""));
        Files.move(before, file, StandardCopyOption.ATOMIC_MOVE);
        eventually("the target has gone", dromedary, () -> !dromedary.get("/api/status").body().contains("\"name\":\"b\""));
        stage.configured(withSecond("dromedary.reload = auto"));
        assertThat(takenIn(dromedary)).containsEntry("added", List.of("t/b"));
        eventuallySettled(stage, dromedary);
    }

    @Test
    void it_is_taken_in_by_itself_when_a_link_above_it_leads_elsewhere() throws IOException {
        stage.inSource("echo 1 >file");
        // as Kubernetes mounts a ConfigMap
        Path config = Files.createDirectory(stage.home.resolve("config"));
        stage.configuredIn(stage.scratch.folder("one"), "dromedary.reload = auto");
        stage.configuredIn(stage.scratch.folder("two"), withSecond("dromedary.reload = auto"));
        Sh.run(config, "cp -r ../../one/config ..one; cp -r ../../two/config ..two; ln -s ..one ..data;"
                + " ln -s ..data/application.properties application.properties");
        Dromedary dromedary = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        Sh.run(config, "ln -s ..two ..data_tmp; mv -T ..data_tmp ..data");

        eventuallySame(stage.source, second, dromedary);
    }

    @Test
    void of_several_at_once_one_comes_after_the_other() throws Exception {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.configured(withSecond());

        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<JsonObject>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(() -> takenIn(dromedary)));
            }
            int added = 0;
            for (Future<JsonObject> answer : answers) {
                added += answer.get().getCollection("added").size();
            }
            assertThat(added).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        eventuallySame(stage.source, second, dromedary);
        eventuallySettled(stage, dromedary);
    }

    @Test
    void without_a_file_there_is_nothing_to_take_in() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.dromedary().start(stage.source.toString(), stage.target.toString()).awaitReady();

        Dromedary asked = stage.dromedary().port(dromedary.port()).start("reload");

        assertThat(asked.awaitExit()).isEqualTo(1);
        assertThat(asked.output()).contains("it was started without a configuration file");
        eventuallySame(stage.source, stage.target, dromedary);
    }
}
