package dev.dromedary.e2e;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class ReleasesIT {

    private static final String TARGET = "/api/mirrors/t/targets/a/";
    private static final String BUILD = "case \"$*\" in *--stats*) %s ;; esac";

    @AutoClose
    private final Stage stage = new Stage();

    @ParameterizedTest
    @ValueSource(strings = {"daemon", "daemon without chroot", "folder of a daemon", "ssh", "local"})
    void what_has_gathered_is_a_release_once_somebody_says_so(String way) throws IOException {
        stage.inSource("mkdir folder; echo 1 >folder/same; echo 1 >changed; ln -s folder/same link; echo 1 >gone");
        Dromedary dromedary = configured(way, "mirror.t.releases = 5").start().awaitReady();
        eventually("it waits", dromedary, () -> reason(dromedary).equals("waits for: dromedary release t/a"));
        assertThat(dromedary.target()).containsEntry("state", "catching up");
        assertThat(dromedary.target().getDouble("lagSeconds")).isZero();
        assertThat(there().resolve("releases")).doesNotExist();

        release(dromedary);
        eventuallyCurrent(1, dromedary);
        eventuallySame(stage.source, there().resolve("current").toRealPath(), dromedary);
        eventuallyState("live", dromedary);

        stage.inSource("echo 2 >changed; rm gone; echo 2 >new");
        eventually("it waits", dromedary, () -> reason(dromedary).contains("dromedary release t/a"));
        assertThat(release(1).resolve("changed")).hasContent("1");
        assertThat(dromedary.get("/api/explain?path=" + stage.source.resolve("changed")).body())
                .contains("it goes with the next release: waits for: dromedary release t\\/a");
        release(dromedary);
        eventuallyCurrent(2, dromedary);
        eventuallySame(stage.source, release(2), dromedary);
        assertThat(release(1).resolve("changed")).hasContent("1");
        assertThat(release(1).resolve("gone")).hasContent("1");
        assertThat(inode(release(2).resolve("folder/same"))).isEqualTo(inode(release(1).resolve("folder/same")));
        assertThat(links(release(2).resolve("folder/same"))).isEqualTo(2);
        assertThat(links(release(2).resolve("changed"))).isEqualTo(1);
        eventually("nothing of its own is left", dromedary, () -> names(there()).equals(List.of("current", "releases")));
        assertThat(there().resolve("releases")).isReadable();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(there().resolve("releases")))).isEqualTo("rwxr-xr-x");
        eventuallyState("live", dromedary);

        Dromedary asked = stage.dromedary().port(dromedary.port()).start("rollback", "t/a");
        assertThat(asked.awaitExit()).as(asked.output()).isZero();
        assertThat(asked.output()).contains("t/a: release 1 is shown");
        assertThat(current()).isEqualTo(1);
    }

    @Test
    void a_release_is_made_after_so_long_without_a_change_and_the_newest_are_kept() throws IOException {
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 2").start().awaitReady();
        stage.inSource("echo 1 >file");
        eventuallyCurrent(1, dromedary);
        for (int i = 2; i <= 5; i++) {
            stage.inSource("echo " + i + " >file");
            eventuallyCurrent(i, dromedary);
        }

        eventually("two are kept", dromedary, () -> names(there().resolve("releases")).equals(List.of("4", "5")));
        assertThat(release(4).resolve("file")).hasContent("4");
        eventually("it is told", dromedary, () -> dromedary.target().toJson().contains("\"release\":5,")
                && dromedary.target().toJson().contains("\"releases\":[4,5]"));
        assertThat(dromedary.get("/observe/metrics").body()).contains("dromedary_release{mirror=\"t\",target=\"a\"} 5.0");
        Dromedary asked = stage.dromedary().port(dromedary.port()).start("status");
        asked.awaitExit();
        assertThat(asked.output()).contains("release 5 for ").contains(", 1 more kept\n");
    }

    @Test
    void who_reads_sees_one_release_or_the_next() throws Exception {
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 3").start().awaitReady();
        stage.inSource("echo 1 >first; echo 1 >second");
        eventuallyCurrent(1, dromedary);
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> read(enough));

        for (int i = 2; i <= 5; i++) {
            stage.inSource("echo " + i + " >first; echo " + i + " >second");
            eventuallyCurrent(i, dromedary);
        }
        enough.set(true);
        assertThat(reader.get(20, TimeUnit.SECONDS)).isGreaterThan(1);
    }

    // how many different contents there were
    private int read(AtomicBoolean enough) {
        TreeSet<String> seen = new TreeSet<>();
        try {
            while (!enough.get()) {
                Path real = there().resolve("current").toRealPath();
                String first = Files.readString(real.resolve("first"));
                assertThat(Files.readString(real.resolve("second"))).isEqualTo(first);
                seen.add(first);
            }
            return seen.size();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void after_a_rollback_what_changes_makes_a_new_release_of_all() throws IOException {
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 5").start().awaitReady();
        for (int i = 1; i <= 4; i++) {
            stage.inSource("echo " + i + " >file");
            eventuallyCurrent(i, dromedary);
        }
        eventuallyState("live", dromedary);
        assertThat(dromedary.post(TARGET + "rollback").statusCode()).isEqualTo(200);
        assertThat(current()).isEqualTo(3);
        assertThat(dromedary.post(TARGET + "rollback?to=1").body()).contains("\"release\":1,");
        assertThat(current()).isEqualTo(1);
        assertRefused(dromedary.post(TARGET + "rollback"), "there is no release before 1");
        assertRefused(dromedary.post(TARGET + "rollback?to=9"), "release 9 is not at the target");
        assertRefused(dromedary.post(TARGET + "rollback?to=../4"), "there is no such number");
        assertThat(dromedary.post(TARGET + "rollback?to=4").statusCode()).isEqualTo(200);
        assertThat(dromedary.post(TARGET + "rollback?to=2").statusCode()).isEqualTo(200);

        // it holds: nothing has changed
        dromedary.terminate();
        Dromedary next = stage.start().awaitReady();
        eventually("it is compared", next, () -> next.target().getMap("lastReconcile") != null);
        eventuallyState("live", next);
        assertThat(current()).isEqualTo(2);

        stage.inSource("echo 5 >other");
        eventuallyCurrent(5, next);
        eventuallySame(stage.source, release(5), next);
        assertThat(inode(release(5).resolve("file"))).isEqualTo(inode(release(4).resolve("file")));
    }

    @Test
    void one_that_was_killed_is_gone_on_with_and_the_current_one_stays_as_it_was() throws IOException {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo 1 >same; echo 1 >changed");
        Dromedary first = stage.configured("mirror.t.releases = 5").dromedary().environment("PATH", stub.path()).start().awaitReady();
        release(first);
        eventuallyCurrent(1, first);
        Tree before = Tree.of(release(1));
        eventuallyState("live", first);

        stub.plays(BUILD.formatted("bring \"$@\" --exclude=/late; held; exit 1"));
        stage.inSource("echo 2 >changed; echo 2 >early; echo 2 >late");
        release(first);
        eventually("a part is there", first, () -> Files.exists(release(2).resolve("early")));
        first.killNow();
        assertThat(current()).isEqualTo(1);
        assertThat(Tree.of(release(1))).isEqualTo(before);

        stub.letsGo();
        // what it has linked is a file of the current one, too
        stage.inSource("chmod 640 same early");
        Dromedary second = stage.dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventually("it is current", second, () -> current() > 1);
        eventuallySame(stage.source, there().resolve("current").toRealPath(), second);
        assertThat(Tree.of(release(1))).isEqualTo(before);
        eventually("what was begun is gone", second, () -> names(there().resolve("releases")).equals(List.of("1", String.valueOf(current()))));
        eventuallyState("live", second);
    }

    @Test
    void what_arrived_before_a_kill_is_not_sent_again() throws IOException {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo 1 >file");
        Dromedary first = stage.configured("mirror.t.releases = 5").dromedary().environment("PATH", stub.path()).start().awaitReady();
        release(first);
        eventuallyCurrent(1, first);
        stub.plays(BUILD.formatted("bring \"$@\" --exclude=/late; held; exit 1"));
        stage.inSource("head -c 100000 /dev/urandom >early; echo 2 >late");
        release(first);
        eventually("a part is there", first, () -> Files.exists(release(2).resolve("early")));
        first.killNow();
        Object early = inode(release(2).resolve("early"));

        stub.letsGo();
        Dromedary second = stage.dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallyCurrent(3, second);
        eventuallySame(stage.source, release(3), second);
        assertThat(inode(release(3).resolve("early"))).isEqualTo(early);
    }

    @Test
    void the_first_one_goes_on_in_its_folder() throws IOException {
        StubRsync stub = StubRsync.in(stage.scratch);
        stub.plays(BUILD.formatted("bring \"$@\" --exclude=/late; held; exit 1"));
        stage.inSource("echo 1 >early; echo 1 >late; echo 1 >gone");
        Dromedary first = stage.configured("mirror.t.releases = 5").dromedary().environment("PATH", stub.path()).start().awaitReady();
        release(first);
        eventually("a part is there", first, () -> Files.exists(release(1).resolve("early")));
        first.killNow();
        assertThat(there().resolve("current")).doesNotExist();

        stub.letsGo();
        stage.inSource("rm gone");
        Dromedary second = stage.dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallyCurrent(1, second);
        eventuallySame(stage.source, release(1), second);
    }

    @Test
    void what_changes_while_one_is_made_is_in_it_and_the_current_one_does_not_change() throws IOException {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo 1 >file; echo 1 >same");
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 5").dromedary().environment("PATH", stub.path()).start().awaitReady();
        eventuallyCurrent(1, dromedary);
        Tree before = Tree.of(release(1));
        eventuallyState("live", dromedary);

        stub.plays(BUILD.formatted("bring \"$@\"; held; exit 0"));
        stage.inSource("echo 2 >file");
        eventually("a pass has ended", dromedary, () -> Files.exists(release(2).resolve("file")));
        stage.inSource("echo 3 >file; chmod 600 same");
        eventually("it is seen", dromedary, () -> dromedary.target().getInteger("pending") == 2);
        stub.letsGo();
        eventually("a later one is current", dromedary, () -> current() > 1);
        assertThat(there().resolve("current/file")).hasContent("3");
        assertThat(Tree.of(release(1))).isEqualTo(before);
        eventuallySame(stage.source, there().resolve("current").toRealPath(), dromedary);
    }

    @Test
    void a_source_that_does_not_hold_still_is_waited_for() throws IOException {
        StubRsync stub = StubRsync.in(stage.scratch);
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.releases = 5").dromedary().environment("PATH", stub.path()).start().awaitReady();
        release(dromedary);
        eventuallyCurrent(1, dromedary);
        stub.plays(BUILD.formatted("echo $$ >>" + stage.source + "/busy"));
        stage.inSource("echo 2 >file");
        release(dromedary);

        eventually("it is said", dromedary, () -> dromedary.output().contains("the source has changed in each of 5 passes"));
        assertThat(current()).isEqualTo(1);
        stub.letsGo();
        eventually("it is made in the end", dromedary, () -> current() > 1);
        eventuallySame(stage.source, there().resolve("current").toRealPath(), dromedary);
        eventuallyState("live", dromedary);
    }

    @Test
    void a_rollback_while_one_is_made_holds() throws IOException {
        StubRsync stub = StubRsync.in(stage.scratch);
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 5").dromedary().environment("PATH", stub.path()).start().awaitReady();
        for (int i = 1; i <= 2; i++) {
            stage.inSource("echo " + i + " >file");
            eventuallyCurrent(i, dromedary);
        }
        stub.plays(BUILD.formatted("bring \"$@\"; held; exit 0"));
        stage.inSource("echo 3 >file");
        eventually("it is being made", dromedary, () -> Files.exists(release(3).resolve("file")));

        assertThat(dromedary.post(TARGET + "rollback").statusCode()).isEqualTo(200);
        stub.letsGo();
        eventually("it is said", dromedary, () -> dromedary.output().contains("release 3 is whole and not shown"));
        assertThat(current()).isEqualTo(1);
        eventuallyState("live", dromedary);
        assertThat(dromedary.post(TARGET + "rollback?to=3").statusCode()).isEqualTo(200);
        assertThat(there().resolve("current/file")).hasContent("3");
    }

    @Test
    void one_for_a_target_that_is_away_is_made_when_it_is_back() throws IOException {
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured("mirror.t.releases = 5").start().awaitReady();
        release(dromedary);
        eventuallyCurrent(1, dromedary);
        eventuallyState("live", dromedary);
        stage.daemon.stop();
        stage.inSource("echo 2 >file");
        release(dromedary);
        eventuallyState("away", dromedary);
        assertRefused(dromedary.post(TARGET + "rollback?to=1"), "nobody listens there");

        dromedary.terminate();
        Dromedary second = stage.start().awaitReady();
        eventuallyState("away", second);
        stage.daemon.start();
        eventuallyCurrent(2, second);
        eventuallySame(stage.source, release(2), second);
        eventually("no dead letter is left", second, () -> stage.deadLetters().isEmpty());
        eventuallyState("live", second);
    }

    @Test
    void without_its_state_folder_no_number_is_used_twice() throws IOException {
        stage.inSource("echo 1 >file; echo 1 >same");
        Dromedary first = stage.configured("mirror.t.releases = 5").start().awaitReady();
        release(first);
        eventuallyCurrent(1, first);
        stage.inSource("echo 2 >file");
        release(first);
        eventuallyCurrent(2, first);
        first.terminate();
        Sh.run(stage.home, "rm -r state");
        // somebody has begun it, and it is not known whether it is whole
        stage.inTarget("mkdir releases/7; echo 7 >releases/7/file");

        Dromedary second = stage.start().awaitReady();
        eventuallyState("live", second);
        stage.inSource("echo 3 >file");
        release(second);
        eventuallyCurrent(8, second);
        assertThat(release(7).resolve("file")).hasContent("7");
        assertThat(inode(release(8).resolve("same"))).isEqualTo(inode(release(2).resolve("same")));
        assertRefused(second.post(TARGET + "rollback?to=7"), "not known to be whole");
        assertThat(second.post(TARGET + "rollback").body()).contains("\"release\":2,");
    }

    @Test
    void a_pause_holds_it_and_a_rollback_is_made_all_the_same() throws IOException {
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 5").start().awaitReady();
        for (int i = 1; i <= 2; i++) {
            stage.inSource("echo " + i + " >file");
            eventuallyCurrent(i, dromedary);
        }
        dromedary.post(TARGET + "pause");
        stage.inSource("echo 3 >file");
        release(dromedary);
        assertThat(dromedary.post(TARGET + "rollback").statusCode()).isEqualTo(200);
        assertThat(current()).isEqualTo(1);
        dromedary.terminate();

        Dromedary second = stage.start().awaitReady();
        eventuallyState("paused", second);
        assertThat(current()).isEqualTo(1);
        second.post(TARGET + "resume");
        eventuallyCurrent(3, second);
        assertThat(there().resolve("current/file")).hasContent("3");
    }

    @Test
    void what_is_the_same_makes_none() throws IOException {
        stage.inSource("mkdir folder; echo 1 >file");
        Dromedary first = quiet("mirror.t.target.a.releases = 5", "mirror.t.exclude = *.tmp").start().awaitReady();
        eventuallyCurrent(1, first);
        stage.inSource("echo 1 >folder/x.tmp; mv file other; mv other file");
        eventuallyState("live", first);
        assertThat(first.post(TARGET + "reconcile").statusCode()).isEqualTo(200);
        release(first);
        eventually("it is said", first, () -> first.output().contains("there is nothing to release: release 1 has all of it"));
        eventuallyState("live", first);
        first.terminate();

        Dromedary second = stage.start().awaitReady();
        eventually("it is compared", second, () -> second.target().getMap("lastReconcile") != null);
        eventuallyState("live", second);
        assertThat(names(there().resolve("releases"))).containsExactly("1");
    }

    @Test
    void what_was_altered_without_a_trace_is_right_in_the_next_one() throws IOException {
        stage.inSource("echo 1 >file; echo 1 >same");
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 5", "mirror.t.checksum-reconcile = 0/3 * * * * ?").start().awaitReady();
        eventuallyCurrent(1, dromedary);
        stage.inTarget("echo x >releases/1/file; touch -r " + stage.source + "/file releases/1/file");

        eventually("a later one is current", dromedary, () -> current() > 1);
        eventuallySame(stage.source, there().resolve("current").toRealPath(), dromedary);
        assertThat(release(1).resolve("file")).hasContent("x");
        assertThat(inode(there().resolve("current/same"))).isEqualTo(inode(release(1).resolve("same")));
    }

    @Test
    void a_daemon_that_alters_links_is_refused_until_it_does_not() throws IOException {
        stage.daemon.reconfigure(text -> text + "use chroot = no\nmunge symlinks = yes\n");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 5").start().awaitReady();
        eventually("it is refused", dromedary, () -> reason(dromedary).contains("the target alters links"));
        assertThat(Files.exists(there().resolve("current"), LinkOption.NOFOLLOW_LINKS)).isFalse();

        stage.daemon.reconfigure(text -> text.replace("munge symlinks = yes", "munge symlinks = no"));
        dromedary.post(TARGET + "replay");
        eventuallyCurrent(1, dromedary);
        eventuallyState("live", dromedary);
    }

    @Test
    void something_else_of_the_links_name_is_left_alone() throws IOException {
        stage.inTarget("mkdir current; echo x >current/mine; echo x >other");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 5").start().awaitReady();
        eventually("it is refused", dromedary, () -> reason(dromedary).contains("current there is no link"));
        assertThat(there().resolve("current/mine")).hasContent("x");

        stage.inTarget("mv current former");
        dromedary.post(TARGET + "replay");
        eventuallyCurrent(1, dromedary);
        eventually("all else stays", dromedary, () -> names(there()).equals(List.of("current", "former", "other", "releases")));
    }

    @Test
    void once_makes_one_and_ends_and_verify_compares_with_it() throws IOException {
        stage.inSource("echo 1 >file");
        stage.configured("mirror.t.releases = 5");
        for (int i = 0; i < 2; i++) {
            Dromedary once = stage.dromedary().start("once");
            assertThat(once.awaitExit()).as(once.output()).isZero();
            assertThat(current()).isEqualTo(1);
        }
        Dromedary verify = stage.dromedary().start("verify");
        assertThat(verify.awaitExit()).as(verify.output()).isZero();

        stage.inSource("echo 2 >file");
        Dromedary different = stage.dromedary().start("verify");
        assertThat(different.awaitExit()).as(different.output()).isEqualTo(1);
        assertThat(different.output()).contains("1 differ, 0 are only at the target");
        Dromedary second = stage.dromedary().start("once");
        assertThat(second.awaitExit()).as(second.output()).isZero();
        assertThat(current()).isEqualTo(2);
        Dromedary check = stage.dromedary().start("check");
        check.awaitExit();
        assertThat(check.output()).contains("for releases it has to let its folders be listed, and to leave links as they are");
    }

    @Test
    void who_gets_none_is_named() {
        Dromedary dromedary = stage.configured("mirror.t.target.b.url = " + stage.scratch.folder("b"), "mirror.t.target.b.releases = 5",
                "mirror.u.source = " + stage.source, "mirror.u.target.c.url = " + stage.scratch.folder("c")).start().awaitReady();

        assertRefused(dromedary.post(TARGET + "release"), "t/a gets no releases");
        assertRefused(dromedary.post(TARGET + "rollback"), "t/a gets no releases");
        for (String[] arguments : new String[][] {{"release", "u"}, {"release", "t/a"}, {"rollback", "t"}, {"rollback", "t/b", "x"}, {"release"}}) {
            Dromedary asked = stage.dromedary().port(dromedary.port()).start(arguments);
            assertThat(asked.awaitExit()).as(asked.output()).isEqualTo(2);
        }
        Dromedary asked = stage.dromedary().port(dromedary.port()).start("release", "t");
        assertThat(asked.awaitExit()).as(asked.output()).isZero();
        assertThat(asked.output()).contains("t/b: a release is asked for").doesNotContain("t/a");
        eventually("it is made", dromedary, () -> Files.isSymbolicLink(stage.scratch.root().resolve("b/current")));
    }

    @Test
    void who_is_to_be_told_is_told_when_it_is_shown_and_not_when_it_is_compared() throws IOException {
        Path told = stage.home.resolve("told");
        Path hook = Files.writeString(stage.home.resolve("hook"), "#!/bin/sh\nreadlink " + there() + "/current >>" + told + "\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        stage.inSource("echo 1 >file");
        Dromedary dromedary = quiet("mirror.t.target.a.releases = 5", "mirror.t.after = exec:" + hook).start().awaitReady();
        eventuallyCurrent(1, dromedary);
        eventuallyState("live", dromedary);
        dromedary.post(TARGET + "reconcile");
        stage.inSource("echo 2 >file");
        eventuallyCurrent(2, dromedary);

        eventually("it is told", dromedary, () -> Files.exists(told) && Files.readAllLines(told).equals(List.of("releases/1", "releases/2")));
    }

    @Test
    void a_release_that_was_made_where_the_disk_no_longer_was_is_not_shown() throws IOException {
        VanishingDisk disk = new VanishingDisk(stage, "8m");
        Path shown = disk.disk.resolve("copy/current");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredFor(disk.point.resolve("copy").toString(), "mirror.t.releases = 5", disk.before()).start().awaitReady();
        release(dromedary);
        eventuallySame(stage.source, shown.resolveSibling("releases/1"), dromedary);
        eventuallyState("live", dromedary);

        disk.vanishes();
        stage.inSource("echo 2 >file");
        eventually("it waits", dromedary, () -> reason(dromedary).contains("dromedary release t/a"));
        release(dromedary);
        eventually("it is noticed", dromedary, () -> dromedary.output().contains("its disk was unmounted or another one was mounted"));
        eventuallyState("away", dromedary);
        assertThat(dromedary.target().get("release")).as("said to be shown").isNotEqualTo(2);

        disk.comesBack();
        eventually("it is shown there", dromedary, () -> Tree.of(shown.toRealPath()).equals(Tree.of(stage.source)));
        eventuallyState("live", dromedary);
    }

    private Stage configured(String way, String... more) {
        switch (way) {
            case "daemon without chroot" -> stage.daemon.reconfigure(text -> text + "use chroot = no\nmunge symlinks = no\n");
            case "ssh" -> {
                SshServer server = SshServer.start(stage.scratch);
                return stage.configuredFor(server.url(stage.target), Stream.concat(Stream.of(more), Stream.of("mirror.t.ssh-options = "
                        + server.options())).toArray(String[]::new));
            }
            case "local" -> {
                return stage.configuredFor(stage.target.toString(), more);
            }
            case "folder of a daemon" -> {
                below = "below";
                return stage.configuredFor(stage.daemon.url("m") + "below", more);
            }
            default -> {
                return stage.configured(more);
            }
        }
        return stage.configured(more);
    }

    private String below = "";

    private Stage quiet(String... more) {
        return stage.configured(Stream.concat(Stream.of(more), Stream.of("mirror.t.target.a.quiet = 300ms")).toArray(String[]::new));
    }

    private Path there() {
        return stage.target.resolve(below);
    }

    private Path release(int number) {
        return there().resolve("releases").resolve(String.valueOf(number));
    }

    private int current() throws IOException {
        try {
            return Integer.parseInt(Files.readSymbolicLink(there().resolve("current")).toString().replace("releases/", ""));
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static void release(Dromedary dromedary) {
        HttpResponse<String> answer = dromedary.post(TARGET + "release");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void eventuallyCurrent(int number, Dromedary dromedary) {
        eventually("release " + number + " is current", dromedary, () -> current() == number);
    }

    private static String reason(Dromedary dromedary) {
        String reason = dromedary.target().getString("reason");
        return reason == null ? "" : reason;
    }

    private static void assertRefused(HttpResponse<String> answer, String why) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body().replace("\\/", "/")).contains(why);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    private static int links(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
    }
}
