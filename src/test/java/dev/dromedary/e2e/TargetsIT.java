package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class TargetsIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_daemon_and_a_local_folder_get_the_same() {
        Path local = stage.scratch.folder("local");
        stage.inSource("mkdir a; echo 1 >a/first; ln -s nowhere link");
        Dromedary dromedary = stage.configured(quick("b", local)).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallySame(stage.source, local, dromedary);

        stage.inSource("echo 2 >a/second; mv a b; rm link");
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallySame(stage.source, local, dromedary);
    }

    @Test
    void a_target_that_is_down_does_not_hold_the_other() {
        Path local = stage.scratch.folder("local");
        Dromedary dromedary = stage.configured(quick("b", local)).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.daemon.stop();
        for (int i = 0; i < 3; i++) {
            stage.inSource("mkdir folder-" + i + "; echo " + i + " >folder-" + i + "/file");
            eventuallySame(stage.source, local, dromedary);
        }

        stage.daemon.start();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_target_that_hangs_does_not_hold_the_other() {
        Path local = stage.scratch.folder("local");
        Dromedary dromedary = stage.configured(quick("b", local)).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.daemon.suspend();
        for (int i = 0; i < 3; i++) {
            stage.inSource("echo " + i + " >file-" + i);
            eventuallySame(stage.source, local, dromedary);
        }

        stage.daemon.resume();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_target_that_is_slow_does_not_hold_the_other() {
        Path local = stage.scratch.folder("local");
        Relay relay = Relay.holdingAfter(500_000, stage.daemon, stage.scratch);
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source));
        lines.addAll(Stage.quickTarget("a", relay.url("m")));
        lines.addAll(Stage.quickTarget("b", local));
        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();
        stage.inSource("head -c 1m /dev/urandom >large");
        // by the run for the change, and maybe by that for the whole tree, too
        eventually("it is under way", dromedary, () -> relay.held() > 0);
        for (int i = 0; i < 3; i++) {
            stage.inSource("echo " + i + " >file-" + i);
            eventuallySame(stage.source, local, dromedary);
        }
        assertThat(Tree.of(stage.target).has("large")).as("the slow one is still at it").isFalse();

        relay.open();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_target_that_is_full_does_not_hold_the_other() {
        Path small = stage.mounted("small", "size=1m");
        Dromedary dromedary = stage.configured(quick("b", small)).start().awaitReady();
        stage.inSource("head -c 2m /dev/urandom >large");
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallyState("full", dromedary);
        for (int i = 0; i < 3; i++) {
            stage.inSource("echo " + i + " >file-" + i);
            eventuallySame(stage.source, stage.target, dromedary);
        }

        Sh.run(small, "mount -o remount,size=16m .");
        eventuallySame(stage.source, small, dromedary);
    }

    @Test
    void one_watch_is_enough_for_all_targets() {
        stage.inSource("mkdir -p 1/a 2/b 3/c");
        List<String> lines = new ArrayList<>();
        for (String name : List.of("b", "c", "d")) {
            lines.addAll(Stage.quickTarget(name, stage.scratch.folder(name)));
        }
        Dromedary dromedary = stage.configured(lines.toArray(String[]::new)).start().awaitReady();

        // files come and go while one looks; the cookie by which the watch shows that it is alive has a folder of its own
        String watches = "cat /proc/" + dromedary.pid() + "/fdinfo/* 2>/dev/null | grep -c ^inotify || :";
        eventually("the source, six folders in it, and one", dromedary,
                () -> Sh.run(stage.home, watches).strip().equals("8"));
    }

    @Test
    void two_local_targets_on_the_command_line() {
        Path one = stage.scratch.folder("one");
        Path two = stage.scratch.folder("two");
        stage.inSource("mkdir a; echo 1 >a/first; ln -s /etc/passwd absolute; ln -s ../../../etc outside");
        Dromedary dromedary = stage.dromedary().start(stage.source.toString(), one.toString(), two.toString()).awaitReady();
        eventuallySame(stage.source, one, dromedary);
        eventuallySame(stage.source, two, dromedary);

        stage.inSource("echo 2 >a/second; rm a/first");
        eventuallySame(stage.source, one, dromedary);
        eventuallySame(stage.source, two, dromedary);
    }

    @Test
    void a_daemon_on_the_command_line() {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.dromedary().start(stage.source.toString(), stage.daemon.url("m")).awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("rm file; echo 2 >other");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_local_target_that_is_not_there_is_made() {
        Path local = stage.scratch.root().resolve("not-yet");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.dromedary().start(stage.source.toString(), local.toString()).awaitReady();
        eventuallySame(stage.source, local, dromedary);
    }

    @Test
    void a_local_target_whose_parent_is_missing_is_told_by_check_and_blames_no_path() {
        stage.inSource("mkdir yet; echo 1 >yet/file; echo 1 >yet/not");
        Path local = stage.scratch.root().resolve("not/there/yet");
        stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + local);
        Dromedary check = stage.dromedary().start("check");
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.output()).contains("the folder above it, " + local.getParent() + ", is not there; mkdir -p " + local.getParent());

        Dromedary dromedary = stage.start().awaitReady();
        eventuallyState("away", dromedary);
        assertThat(dromedary.target().getString("reason")).startsWith("the folder above the target is missing");
        assertThat(dromedary.target().get("failed")).as("nothing of the source is to blame").isNull();
        Sh.run(stage.scratch.root(), "mkdir -p not/there");
        dromedary.post("/api/mirrors/t/targets/a/replay");
        eventuallySame(stage.source, local, dromedary);
    }

    @Test
    void two_mirrors_in_one_process() {
        Path otherSource = stage.scratch.folder("other-source");
        Path otherTarget = stage.scratch.folder("other-target");
        Dromedary dromedary = stage.configured(
                "mirror.u.source = " + otherSource,
                "mirror.u.target.a.url = " + otherTarget).start().awaitReady();
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallySame(otherSource, otherTarget, dromedary);
        assertThat(Tree.of(otherTarget).has("file")).isFalse();
    }

    @Test
    void a_guarded_module_opens_to_the_password_file() {
        Path guarded = stage.scratch.folder("guarded");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("g", guarded).user("me", "secret").start();
        Path password = RsyncDaemon.secret(stage.home.resolve("password"), "secret");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredOnlyWith(
                "mirror.t.source = " + stage.source,
                "mirror.t.target.a.url = " + daemon.url("me", "g"),
                "mirror.t.target.a.password-file = " + password).start().awaitReady();
        eventuallySame(stage.source, guarded, dromedary);

        stage.inSource("rm file; echo 2 >other");
        eventuallySame(stage.source, guarded, dromedary);
    }

    @Test
    void several_targets_take_turns_where_only_one_rsync_may_run() {
        Path other = stage.scratch.folder("other");
        Path third = stage.scratch.folder("third");
        stage.inSource("mkdir a; echo 1 >a/first");
        List<String> lines = new ArrayList<>(List.of(quick("b", other)));
        lines.addAll(Stage.quickTarget("c", third));
        lines.add("dromedary.max-runs = 1");
        Dromedary dromedary = stage.configured(lines.toArray(String[]::new)).start().awaitReady();
        for (int i = 0; i < 5; i++) {
            stage.inSource("echo " + i + " >a/first; mkdir " + i);
        }
        for (Path target : List.of(stage.target, other, third)) {
            eventuallySame(stage.source, target, dromedary);
        }
    }

    @Test
    void a_target_over_ssh() throws IOException {
        SshServer server = SshServer.start(stage.scratch);
        Path remote = stage.scratch.folder("remote");
        stage.inSource("mkdir a; echo 1 >a/first");
        Dromedary dromedary = stage.configured(quick("b", server.url(remote),
                "mirror.t.target.b.ssh-options = " + server.options())).start().awaitReady();
        eventuallySame(stage.source, remote, dromedary);

        stage.inSource("mv a b; echo 2 >'b/a name with $(id) and spaces'");
        eventuallySame(stage.source, remote, dromedary);

        server.stop();
        stage.inSource("rm -r b; echo 3 >third");
        eventuallySame(stage.source, stage.target, dromedary);
        server.start();
        eventuallySame(stage.source, remote, dromedary);
        assertThat(Files.readString(remote.resolve("third"))).isEqualTo("3\n");
    }

    private static String[] quick(String name, Object url, String... more) {
        List<String> lines = new ArrayList<>(Stage.quickTarget(name, url));
        lines.addAll(List.of(more));
        return lines.toArray(String[]::new);
    }
}
