package dev.dromedary.e2e;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A state is what is so at the target, and says what is wrong, since when, and what to do. */
class StatesIT {

    private static final String TARGET = "/api/mirrors/t/targets/a/";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void one_file_that_can_not_be_written_is_one_letter_with_one_line() {
        Path locked = lockedTarget();
        Dromedary dromedary = stage.start().awaitReady();
        eventuallyState("live", dromedary);
        for (int i = 0; i < 5; i++) {
            stage.inSource("echo " + i + " >locked/file; touch -d @1000000000 locked; echo " + i + " >beside");
            String content = i + "\n";
            eventually("the other one", dromedary, () -> Tree.of(locked.getParent()).has("beside")
                    && Sh.run(locked.getParent(), "cat beside").equals(content));
        }
        eventuallyState("partial", dromedary);
        eventually("one letter", dromedary, () -> stage.deadLetters().size() == 1);

        JsonObject failed = target(dromedary).getMap("failed");
        assertThat(failed.getLong("paths")).isEqualTo(1);
        assertThat(failed.<List<?>>getCollection("some")).hasToString("[locked/file]");
        assertThat(failed.getString("reason")).contains("Permission denied");
        assertThat(dromedary.get("/observe/health").body()).contains("partial: ");
        assertThat(dromedary.isReady()).isTrue();
        Dromedary status = stage.dromedary().port(dromedary.port()).start("status");
        assertThat(status.awaitExit()).isEqualTo(1);
        assertThat(status.output()).contains("partial").contains("could not be transferred: locked/file, first tried ")
                .contains("dromedary replay t/a");

        Sh.run(locked, "chown 1234 .");
        dromedary.post(TARGET + "replay");
        eventuallyState("live", dromedary);
        eventually("no letter", dromedary, () -> stage.deadLetters().isEmpty());
    }

    // the folder's time is that of the source, so that nothing is to be set there
    private Path lockedTarget() {
        assumeTrue(RsyncDaemon.keepsLinksThatLeave(), "only root may make a folder of somebody else");
        Path target = stage.scratch.folder("of-another");
        Sh.run(target, "chmod 755 . ../; mkdir locked; touch -d @1000000000 locked; chown 1234:1234 .");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", target).with("uid = 1234").with("gid = 1234").start();
        stage.inSource("mkdir locked; touch -d @1000000000 locked");
        stage.configuredFor(daemon.url("n"), "mirror.t.rsync-options = --no-owner --no-group");
        return target.resolve("locked");
    }

    @Test
    void nothing_is_live_before_the_first_comparison_is_over() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stub.plays("case \" $* \" in *\" --dry-run \"*) ;; *\" --recursive \"*) held ;; esac");
        stage.inSource("touch 1 2 3");
        Dromedary dromedary = stage.configured().dromedary().environment("PATH", stub.path()).start();
        Set<String> states = new TreeSet<>();
        eventually("it is under way", dromedary, () -> {
            try {
                states.add(target(dromedary).getString("state"));
                return states.contains("catching up");
            } catch (UncheckedIOException e) {
                // it does not answer yet
                return false;
            }
        });
        assertThat(states).isSubsetOf("starting", "catching up");
        assertThat(target(dromedary).getString("state")).isEqualTo("catching up");
        stub.letsGo();
        eventuallyState("live", dromedary);
        eventuallySame(stage.source, stage.target, dromedary);
        dromedary.terminate();

        Dromedary again = stage.configured("mirror.t.reconcile-on-start = false").start().awaitReady();
        eventuallyState("live", again);
    }

    @Test
    void what_does_not_end_a_halt_says_what_does() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallyState("live", dromedary);
        stage.inSource("mv ../source ../moved");
        eventuallyState("halted", dromedary);
        Dromedary resume = stage.dromedary().port(dromedary.port()).start("resume", "t/a");
        assertThat(resume.awaitExit()).isEqualTo(1);
        assertThat(resume.output()).contains("this does not end it").contains("dromedary resume --new-source t/a")
                .doesNotContain("done");
        Dromedary status = stage.dromedary().port(dromedary.port()).start("status");
        assertThat(status.awaitExit()).isEqualTo(1);
        assertThat(status.output()).contains("it goes on by itself when the source is back");
        assertThat(target(dromedary).getString("stateSince")).isNotNull();
        Sh.run(stage.scratch.root(), "mv moved source");
        eventuallyState("live", dromedary);
    }

    /** What waits because the target is away, and what has failed, is owed no more if a person says so. */
    @Test
    void what_waits_for_a_target_that_is_away_can_be_discarded() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallyState("live", dromedary);
        stage.daemon.stop();
        stage.inSource("echo 1 >unwanted");
        eventually("it is kept", dromedary, () -> !stage.deadLetters().isEmpty());
        stage.inSource("echo 2 >more");
        eventually("that, too", dromedary, () -> dromedary.json("/api/dead-letters").getLong("total") == 2);
        dromedary.json("/api/dead-letters").<List<?>>getCollection("deadLetters").forEach(letter ->
                assertThat(dromedary.post("/api/dead-letters/" + ((JsonObject) letter).getString("id") + "/discard").statusCode())
                        .isEqualTo(200));
        stage.daemon.start();
        stage.inSource("echo 3 >wanted");
        eventually("carried", dromedary, () -> Tree.of(stage.target).has("wanted"));
        eventuallyState("live", dromedary);
        assertThat(Tree.of(stage.target).has("unwanted")).isFalse();
        assertThat(Tree.of(stage.target).has("more")).isFalse();
    }

    private static JsonObject target(Dromedary dromedary) {
        JsonObject mirror = (JsonObject) dromedary.json("/api/status").<List<?>>getCollection("mirrors").get(0);
        return (JsonObject) mirror.<List<?>>getCollection("targets").get(0);
    }
}
