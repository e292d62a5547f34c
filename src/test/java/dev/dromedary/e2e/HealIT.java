package dev.dromedary.e2e;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** heal: what somebody else changes at a target that is a folder here is brought back, counted and told; what runs of its own change is not. */
class HealIT {

    private static final String TREE = "mkdir -p a/b keep; echo one >a/one; echo two >a/b/two; echo three >keep/three; ln -s one a/link; chmod 640 a/one";

    @AutoClose
    private final Stage stage = new Stage();
    private final Path told = stage.scratch.folder("told");

    private Stage healing(String... more) {
        return stage.configuredFor(stage.target.toString(), Stream.concat(Stream.of("mirror.t.target.a.heal = true",
                "mirror.t.on-failure = file:" + told + "?fileName=${header.DromedaryState}&fileExist=Append&appendChars=;"),
                Stream.of(more)).toArray(String[]::new));
    }

    private Dromedary live(Dromedary dromedary) {
        dromedary.awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        return watched(dromedary);
    }

    private Dromedary watched(Dromedary dromedary) {
        eventuallyState("live", dromedary);
        // a run of its own would bring back what is changed there meanwhile, and then nobody else has changed it
        eventually("nothing is pending", dromedary, () -> dromedary.target().getLong("pending") == 0);
        eventually("the target is watched", dromedary, () -> dromedary.output().contains("heal-watch-t-a: " + stage.target + " is watched"));
        return dromedary;
    }

    private static long healed(Dromedary dromedary) {
        return ((Number) dromedary.target().get("healed")).longValue();
    }

    // nothing more is found once what comes after it was
    private void eventuallyHealed(long paths, Dromedary dromedary) {
        eventually("they are counted", dromedary, () -> healed(dromedary) >= paths);
        stage.inTarget("echo stranger >zz-stranger");
        eventually("the last one is counted", dromedary, () -> healed(dromedary) > paths);
        assertThat(healed(dromedary)).as(dromedary.output()).isEqualTo(paths + 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        other content                 | echo tampered >a/one                                        | 1
        of the same size and time     | touch -r a/one /tmp/.t-$$; echo xne >a/one; touch -r /tmp/.t-$$ a/one; rm /tmp/.t-$$ | 1
        gone                          | rm a/b/two                                                  | 1
        a whole folder gone           | rm -r a                                                     | 5
        a stranger                    | echo x >a/x                                                 | 1
        strangers in a folder         | mkdir -p new/deep; echo x >new/deep/x; echo y >new/y         | 4
        another mode                  | chmod 666 a/one                                             | 1
        a link in place of a file     | rm a/b/two; ln -s /etc/passwd a/b/two                       | 1
        a link that leads elsewhere   | rm a/link; ln -s /etc a/link                                | 1
        renamed                       | mv a/one a/uno                                              | 2
        a file moved over             | echo evil >/dev/shm/e-$$; mv /dev/shm/e-$$ keep/three       | 1
        """)
    void what_somebody_else_changes_comes_back_and_is_counted_and_told(String what, String script, int paths) throws Exception {
        stage.inSource(TREE);
        Dromedary dromedary = live(healing().start());
        assertThat(healed(dromedary)).isZero();

        long begun = System.nanoTime();
        stage.inTarget(script);
        eventually("it is counted", dromedary, () -> healed(dromedary) > 0);
        eventuallySame(stage.source, stage.target, dromedary);
        System.out.println("brought back after " + (System.nanoTime() - begun) / 1_000_000 + " ms: " + what);

        eventually("it is told", dromedary, () -> Files.exists(told.resolve("tampered")));
        assertThat(Files.readString(told.resolve("tampered"))).contains("t/a: ").contains(" changed there by somebody else: ")
                .contains(". They are brought back");
        eventuallyHealed(paths, dromedary);
        eventuallySettled(stage, dromedary);
    }

    @Test
    void what_it_does_itself_does_not_set_it_off() {
        stage.inSource(TREE);
        Dromedary dromedary = watched(healing("mirror.t.large-file = 1m", "mirror.t.rsync-options = --chmod=F600,D700").start().awaitReady());

        stage.inSource("echo 2 >a/one; head -c 3000000 /dev/urandom >large; mkdir -p n/m; echo 1 >n/m/f; mv a/b a/c; rm keep/three; chmod 600 a/one");
        for (int i = 0; i < 20; i++) {
            stage.inSource("for f in 1 2 3 4 5; do echo " + i + "$f >n/f$f; done; mv n/f1 n/g" + i + "; rm -rf n/m; mkdir -p n/m; echo " + i + " >n/m/f");
        }
        assertThat(dromedary.post("/api/mirrors/t/wait?timeout=30s").statusCode()).isEqualTo(200);
        dromedary.reconcile();

        eventuallyHealed(0, dromedary);
        assertThat(dromedary.get("/observe/metrics").body()).contains("dromedary_healed_total{mirror=\"t\",target=\"a\"} 1.0");
    }

    @Test
    void under_load_too_only_what_others_change_is_counted() throws Exception {
        stage.inSource("mkdir load; echo 1 >stays; echo 1 >other");
        Dromedary dromedary = live(healing().start());
        Process load = new ProcessBuilder("sh", "-c", "i=0; while [ -e ../told ] && [ $i -lt 3000 ]; do i=$((i+1)); echo $i >load/f$((i%50)); sleep 0.005; done")
                .directory(stage.source.toFile()).start();
        try {
            for (int i = 1; i <= 3; i++) {
                stage.inTarget("echo evil >stays; rm other");
                int times = i;
                eventually("it is brought back", dromedary, () -> healed(dromedary) >= 2L * times
                        && Files.readString(stage.target.resolve("stays")).equals("1\n") && Files.exists(stage.target.resolve("other")));
            }
        } finally {
            load.destroy();
            load.waitFor();
        }
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyHealed(6, dromedary);
    }

    @Test
    void what_was_changed_while_it_is_paused_or_stopped_comes_back_when_it_goes_on() {
        stage.inSource(TREE);
        Dromedary first = live(healing().start());
        first.post("/api/mirrors/t/targets/a/pause");
        stage.inTarget("echo evil >a/one; rm keep/three");
        stage.inSource("echo 2 >a/b/two");
        eventually("something is pending", first, () -> first.target().getLong("pending") > 0);
        assertThat(healed(first)).isZero();
        first.post("/api/mirrors/t/targets/a/resume");
        eventuallySame(stage.source, stage.target, first);
        assertThat(healed(first)).isEqualTo(2);
        eventually("explain says so", first, () -> {
            String explained = first.get("/api/explain?path=" + URLEncoder.encode(stage.source + "/a/one", StandardCharsets.UTF_8)).body();
            return explained.contains("\"state\":\"in line\"") && explained.contains("somebody else had changed it there, and it was brought back");
        });
        Dromedary status = stage.dromedary().port(first.port()).start("status");
        assertThat(status.awaitExit()).isZero();
        assertThat(status.output()).contains("2 paths changed there by others and brought back, the last ");

        stage.inTarget("echo worse >a/one");
        first.killNow();
        stage.inTarget("rm -r a/b; echo stranger >x");
        Dromedary second = live(stage.start());
        assertThat(healed(second)).isZero();
        stage.inTarget("echo worse >a/one");
        eventually("it is counted", second, () -> healed(second) == 1);
        eventuallySame(stage.source, stage.target, second);
    }

    @Test
    void a_target_that_is_removed_as_a_whole_is_made_anew() {
        stage.inSource(TREE);
        Dromedary dromedary = live(healing().start());
        stage.inTarget("rm -r ../target");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("it is watched again", dromedary, () -> dromedary.output().contains("heal-watch-t-a: " + stage.target + " is watched again"));
        eventuallyState("live", dromedary);
        stage.inTarget("echo stranger >x");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void with_last_and_max_change_it_brings_back_too() {
        stage.inSource("echo 1 >app.js; echo app.js >index.html; echo 1 >other");
        Dromedary dromedary = live(healing("mirror.t.last = *.html", "mirror.t.max-change = 5").start());
        stage.inTarget("echo evil >index.html; echo evil >app.js; rm other; echo x >stranger");
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyHealed(4, dromedary);
        stage.inSource("echo 2 >app.js; echo 2 app.js >index.html; rm other");
        eventuallySettled(stage, dromedary);
    }

    @Test
    void without_the_key_nothing_is_watched_and_nothing_said() {
        stage.inSource(TREE);
        Dromedary dromedary = stage.configuredFor(stage.target.toString()).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyState("live", dromedary);
        JsonObject target = dromedary.target();
        assertThat(target.keySet()).doesNotContain("healed");
        assertThat(dromedary.output()).doesNotContain("heal-");
        assertThat(dromedary.get("/observe/metrics").body()).doesNotContain("dromedary_healed");
        assertThat(List.of(dromedary.get("/observe/health?exposureLevel=full").body())).noneMatch(body -> body.contains("heal"));
    }
}
