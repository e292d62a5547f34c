package dev.dromedary.e2e;

import java.nio.file.Path;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.Tree;
import org.apache.camel.util.json.JsonObject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.e2e.Settled.startedFor;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** The rsync of the next change is started before it comes. */
class WarmRunsIT {

    @AutoClose
    private final Stage stage = new Stage();

    @ParameterizedTest
    @ValueSource(strings = {"daemon", "ssh", "local"})
    void the_next_change_is_carried_by_an_rsync_that_was_ready(String kind) {
        Dromedary dromedary = mirroring(kind, "always");
        int carriedByOne = 0;
        for (int i = 0; i < 5; i++) {
            List<Long> ready = eventuallyReady(dromedary);
            List<String> before = started();

            stage.inSource("echo " + i + " >file");

            eventuallySame(stage.source, stage.target, dromedary);
            assertThat(eventuallyReady(dromedary)).isNotEqualTo(ready);
            carriedByOne += started().size() == before.size() + 1 ? 1 : 0;
        }
        // else there are two; but what is mounted meanwhile, wherever it is, wants another
        assertThat(carriedByOne).as("changes for which one was started, that of the next").isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"daemon", "ssh", "local"})
    void what_is_new_and_what_is_gone_is_so_there(String kind) {
        Dromedary dromedary = mirroring(kind, "always");
        for (int i = 0; i < 5; i++) {
            eventuallyReady(dromedary);
            stage.inSource("mkdir -p d/" + i + "; echo " + i + " >d/" + i + "/new; rm -rf d/" + (i - 1));
            eventuallySame(stage.source, stage.target, dromedary);
        }
    }

    @Test
    void what_is_asked_for_in_between_goes_by_runs_of_its_own() {
        Dromedary dromedary = mirroring("daemon", "always");
        eventuallyReady(dromedary);
        stage.inSource("chmod 600 file; mkdir folder; mv file folder");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("touch -d '2001-02-03' folder/file");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void it_is_ended_by_a_pause_so_that_the_source_can_be_unmounted() {
        Path disk = stage.mounted("disk", "size=16m");
        stage.configuredOnlyWith("mirror.t.source = " + disk, "mirror.t.target.a.url = " + stage.daemon.url("m"), "mirror.t.warm = always");
        Dromedary dromedary = start();
        Sh.run(disk, "echo 1 >file");
        eventuallySame(disk, stage.target, dromedary);
        eventuallyReady(dromedary);

        assertThat(dromedary.post("/api/mirrors/t/targets/a/pause").statusCode()).isEqualTo(200);

        eventually("it has ended", dromedary, () -> startedFor(stage.state).isEmpty());
        eventually("it can be unmounted", dromedary, () -> stage.works("umount " + disk));
        assertThat(stage.daemon.log()).as("the daemon has nothing to complain of").doesNotContain("rsync error");
    }

    @Test
    void it_is_ended_some_time_after_the_last_change() {
        Dromedary dromedary = mirroring("daemon", "1s");
        eventuallyReady(dromedary);
        eventually("it has ended", dromedary, () -> startedFor(stage.state).isEmpty());
        assertThat(stage.daemon.log()).as("the daemon has nothing to complain of").doesNotContain("rsync error");
    }

    @Test
    void none_is_kept_where_that_is_not_wanted() {
        Dromedary dromedary = mirroring("daemon", "off");
        eventually("no rsync is left", dromedary, () -> startedFor(stage.state).isEmpty());
        long runs = stage.daemon.connections();
        stage.inSource("echo 2 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(stage.daemon.connections()).isEqualTo(runs + 1);
    }

    @Test
    void a_kill_leaves_none_behind_and_nothing_is_carried_by_it() {
        Dromedary dromedary = mirroring("daemon", "always");
        eventuallyReady(dromedary);
        dromedary.killNow();
        Awaitility.await().until(() -> startedFor(stage.state).isEmpty());
        assertThat(Tree.of(stage.target)).isEqualTo(Tree.of(stage.source));

        stage.inSource("rm file; echo 2 >other");
        Dromedary again = start();
        eventuallySame(stage.source, stage.target, again);
    }

    /** The one that waits would keep all others out. */
    @Test
    void a_daemon_that_lets_in_one_at_a_time_gets_all() {
        Path one = stage.scratch.folder("one");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("one", one).with("max connections = 1").start();
        stage.configuredFor(daemon.url("one"), "mirror.t.warm = always");
        stage.inSource("echo 1 >file; echo 1 >first");
        Dromedary dromedary = start();
        eventuallySame(stage.source, one, dromedary);
        for (int i = 0; i < 10; i++) {
            stage.inSource("echo " + i + " >file; echo " + i + " >n" + i + "; chmod 60" + i % 8 + " first; rm -f n" + (i - 2));
            eventuallySame(stage.source, one, dromedary);
        }
        assertThat(stage.deadLetters()).isEmpty();
        eventuallySettled(stage, one, dromedary);
    }

    @Test
    void a_daemon_that_was_started_anew_gets_the_next_change() {
        Dromedary dromedary = mirroring("daemon", "always");
        for (int i = 0; i < 3; i++) {
            eventuallyReady(dromedary);
            stage.daemon.stop();
            stage.daemon.start();
            stage.inSource("echo " + i + " >file");
            eventuallySame(stage.source, stage.target, dromedary);
        }
        assertThat(stage.deadLetters()).isEmpty();
    }

    private Dromedary mirroring(String kind, String warm) {
        String more = "mirror.t.warm = " + warm;
        switch (kind) {
            case "ssh" -> {
                SshServer server = SshServer.start(stage.scratch);
                stage.configuredFor(server.url(stage.target), more, "mirror.t.ssh-options = " + server.options());
            }
            case "local" -> stage.configuredFor(stage.target.toString(), more);
            default -> stage.configured(more);
        }
        stage.inSource("echo 0 >first");
        Dromedary dromedary = start();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 1 >file");
        eventuallySame(stage.source, stage.target, dromedary);
        return dromedary;
    }

    private Dromedary start() {
        return stage.dromedary().environment("PATH", counting() + ":" + System.getenv("PATH")).start().awaitReady();
    }

    // a folder with an rsync that notes its number before it becomes the real one
    private Path counting() {
        Path folder = stage.scratch.folder("counting");
        Sh.run(folder, "printf '#!/bin/sh\\necho \"$$ $*\" >>%s\\nexec %s \"$@\"\\n' \"$PWD/started\" \"$(command -v rsync)\" >rsync; chmod +x rsync");
        return folder;
    }

    // those of live changes are the only ones with that option
    private List<String> started() {
        return Sh.run(stage.scratch.root(), "cat counting/started").lines().filter(line -> line.contains("--ignore-times"))
                .map(line -> line.replaceFirst(" .*", "")).toList();
    }

    // and nothing else is going on
    private List<Long> eventuallyReady(Dromedary dromedary) {
        eventually("one waits", dromedary, () -> ready().size() == 1 && isIdle(dromedary) && ready().size() == 1);
        return ready();
    }

    private static boolean isIdle(Dromedary dromedary) {
        JsonObject target = dromedary.target();
        return target.getInteger("pending") == 0 && target.<List<?>>getCollection("runs").isEmpty();
    }

    private List<Long> ready() {
        List<String> live = started();
        return startedFor(stage.state).stream().filter(pid -> live.contains(pid.toString())).toList();
    }
}
