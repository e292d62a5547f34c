package dev.dromedary.e2e;

import java.nio.file.Path;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the receiving side may not do, does not want, or does coarsely is no failure, or is said. */
class ReceivingSideIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_folder_of_mode_0555_is_deleted_by_one_who_is_not_root() {
        assumeTrue(RsyncDaemon.keepsLinksThatLeave(), "only root may run a daemon as somebody else");
        Path target = stage.scratch.folder("of-another");
        Sh.run(target, "chmod 755 . ../; chown 1234:1234 .");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", target).with("uid = 1234").with("gid = 1234").start();
        String makes = "mkdir -p sub/ro/in; echo 1 >sub/ro/file; echo 1 >sub/ro/in/file; chmod 555 sub/ro sub/ro/in";
        stage.inSource(makes);
        stage.configuredFor(daemon.url("n"), "mirror.t.rsync-options = --no-owner --no-group");
        Dromedary dromedary = stage.start().awaitReady();
        eventually("all of it", dromedary, () -> Tree.of(target).has("sub/ro/in/file"));
        eventuallyState("live", dromedary);

        // in one window, and in two
        for (int millis = 0; millis < 10; millis++) {
            stage.inSource("chmod -R u+w sub/ro; sleep 0.00" + millis + "; rm -r sub/ro");
            eventually("it is gone", dromedary, () -> Tree.of(target).has("sub") && !Tree.of(target).has("sub/ro"));
            eventuallyState("live", dromedary);
            stage.inSource(makes);
            eventually("all of it", dromedary, () -> Tree.of(target).has("sub/ro/in/file"));
            eventuallyState("live", dromedary);
        }
        assertThat(dromedary.output()).doesNotContain("could not be transferred");
    }

    @Test
    void what_the_daemon_leaves_out_is_said_until_it_is_gone() {
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", stage.target).with("exclude = secret").start();
        stage.configuredFor(daemon.url("n"));
        Dromedary dromedary = stage.start().awaitReady();
        eventuallyState("live", dromedary);
        stage.inSource("echo 1 >secret; echo 1 >other");
        eventuallyState("partial", dromedary);
        assertThat(dromedary.get("/api/status").body()).contains("the daemon's module leaves out what is mirrored; exclude the same here");

        stage.inSource("rm secret");
        eventuallyState("live", dromedary);
        eventually("no letter", dromedary, () -> stage.deadLetters().isEmpty());
        eventuallySame(stage.source, stage.target, dromedary);
    }

    /** What can't be begun has not arrived, whatever the run says that was to prepare it. */
    @Test
    void where_the_daemon_leaves_out_the_folder_for_large_files_they_have_not_arrived() {
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", stage.target).with("exclude = .*").start();
        stage.configuredFor(daemon.url("n"), "mirror.t.large-file = 1m");
        Dromedary dromedary = stage.start().awaitReady();
        eventuallyState("live", dromedary);
        stage.inSource("head -c 2000000 /dev/urandom >large; echo 1 >small");
        eventuallyState("partial", dromedary);
        eventually("the other one", dromedary, () -> Tree.of(stage.target).has("small"));
        assertThat(stage.deadLetters()).isNotEmpty();
        assertThat(dromedary.get("/api/status").body()).contains("\"some\":[\"large\"]");
        assertThat(Tree.of(stage.target).has("large")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"refuse options = delete, the daemon refuses an option that is needed",
        "pre-xfer exec = /bin/false, the program that the daemon runs before each transfer said no"})
    void a_daemon_that_does_not_want_says_why(String line, String words) {
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", stage.target).with(line).start();
        stage.configuredFor(daemon.url("n"));
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.start();
        eventually("it is said", dromedary, () -> dromedary.output().contains(words));
        eventuallyState("away", dromedary);
        daemon.reconfigure(text -> text.replace(line, ""));
        dromedary.post("/api/mirrors/t/targets/a/replay");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void coarse_times_are_found_and_can_be_told_of() {
        Path coarse = stage.fileSystem("coarse", "ext4 -I 128");
        stage.inSource("for i in 1 2 3 4; do echo $i >$i; done; touch -d '2026-01-01 00:00:00.5' *");
        stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + coarse);
        Dromedary once = stage.dromedary().start("once");
        assertThat(once.awaitExit()).as(once.output()).isZero();
        assertThat(checked()).contains("keeps times of whole seconds").contains("rsync-options = --modify-window=1");

        stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + coarse,
                "mirror.t.rsync-options = --modify-window=1");
        assertThat(checked()).contains("answers and lets us in").doesNotContain("whole seconds");
        Dromedary verified = stage.dromedary().start("once", "--dry-run");
        verified.awaitExit();
        assertThat(verified.output()).doesNotContain("would send").doesNotContain("would create");
    }

    private String checked() {
        Dromedary check = stage.dromedary().start("check");
        check.awaitExit();
        return check.output();
    }

    /** While a file is read for its checksum neither side shows a sign of life. */
    @Test
    void a_comparison_by_content_may_be_silent_for_longer_than_the_timeout() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.timeout = 2s", "mirror.t.checksum-reconcile = 0/20 * * * * ?").dromedary()
                .environment("PATH", stub.path()).start().awaitReady();
        eventuallyState("live", dromedary);
        stub.plays("case \" $* \" in *' --checksum '*) sleep 7 ;; esac");
        stage.inTarget("echo 2 >file; touch -r ../source/file file");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.output()).doesNotContain("AWAY");
    }

    /** An upgrade of Java's package takes away the helper by which Java starts programs. */
    @Test
    void rsync_is_started_though_java_was_upgraded_meanwhile() {
        Path java = stage.scratch.root().resolve("java");
        Sh.run(stage.scratch.root(), "cp -aL '" + System.getProperty("java.home") + "' java 2>/dev/null || test -x java/lib/jspawnhelper");
        Dromedary dromedary = stage.configured().dromedary().javaHome(java)
                .launcher(List.of("-jar", Path.of("target/dromedary.jar").toAbsolutePath().toString())).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Sh.run(java, "rm lib/jspawnhelper");
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.output()).doesNotContain("could not be transferred");
    }
}
