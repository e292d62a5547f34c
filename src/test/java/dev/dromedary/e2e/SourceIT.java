package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Mirrors;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** A source that vanishes must not empty its targets. */
class SourceIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_source_that_is_renamed_is_waited_for() {
        Dromedary dromedary = mirroring();
        Tree before = Tree.of(stage.target);

        sh("mv source elsewhere");
        halted(dromedary, "is not there");
        sh("echo 2 >elsewhere/file; rm -r elsewhere/a");
        Tree.assertSame(before, Tree.of(stage.target));

        sh("mv elsewhere source");
        goesOn(dromedary);
    }

    @Test
    void another_folder_in_its_place_is_not_taken_for_it() {
        Dromedary dromedary = mirroring();
        Tree before = Tree.of(stage.target);

        sh("mv source elsewhere; mkdir source; echo 1 >source/stranger");
        halted(dromedary, "another folder");
        sh("echo 2 >source/another-stranger");
        Tree.assertSame(before, Tree.of(stage.target));

        sh("rm -r source; mv elsewhere source");
        goesOn(dromedary);
    }

    /** What was right when the run was prepared is wrong when it is its turn. */
    @Test
    void a_run_that_waits_for_its_turn_deletes_nothing_when_the_source_has_gone_meanwhile() {
        Relay relay = Relay.holdingAfter(1 << 20, stage.daemon, stage.scratch);
        Path direct = stage.scratch.folder("direct");
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, "mirror.t.target.b.url = " + direct, "mirror.t.target.b.exclude = large",
                "dromedary.max-runs = 1"));
        lines.addAll(Stage.quickTarget("a", relay.url("m")));
        Mirrors.configure(stage.home, lines.toArray(String[]::new));
        stage.inSource("mkdir a; echo 1 >a/file; echo 1 >file");
        Dromedary dromedary = stage.dromedary().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallySame(stage.source, direct, dromedary);
        Tree before = Tree.of(direct);

        stage.inSource("head -c 3000000 /dev/urandom >large");
        eventually("the only turn is taken", dromedary, () -> relay.held() > 0);
        dromedary.post("/api/mirrors/t/targets/b/reconcile");
        eventually("another run waits for it", dromedary, () -> dromedary.threads().contains("RsyncExecutor.inTurn"));
        sh("mv source elsewhere; mkdir source; echo 1 >source/stranger");
        relay.open();
        eventually("both are halted", dromedary, () -> dromedary.get("/api/status").body().split("\"state\":\"halted\"", -1).length == 3);
        assertThat(Tree.of(direct).has("a/file")).isTrue();
        assertThat(Tree.of(direct).has("stranger")).isFalse();
        assertThat(Tree.of(direct)).isEqualTo(before);
    }

    @Test
    void a_copy_of_it_in_its_place_is_taken_for_it() {
        Dromedary dromedary = mirroring();
        sh("cp -a source copy; echo 2 >copy/new; rm copy/file; mv source old; mv copy source");
        eventuallySame(stage.source, stage.target, dromedary);
        goesOn(dromedary);
    }

    @Test
    void a_source_that_was_really_emptied_empties_its_target() {
        Dromedary dromedary = mirroring();
        stage.inSource("rm -r *");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.isReady()).isTrue();

        dromedary.terminate();
        Dromedary again = stage.start().awaitReady();
        stage.inSource("echo 1 >first");
        eventuallySame(stage.source, stage.target, again);
    }

    @Test
    void a_source_that_was_removed_and_made_anew_is_mirrored_again() {
        Dromedary dromedary = mirroring();
        sh("rm -r source");
        eventually("the source is missed", dromedary, () -> !dromedary.isReady());
        sh("mkdir source; echo 1 >source/new");
        goesOn(dromedary);
    }

    @Test
    void a_disk_that_is_unmounted_empties_no_target() throws IOException {
        Path disk = Files.createDirectories(stage.scratch.root().resolve("disk"));
        Assumptions.assumeTrue(mount(disk), "no right to mount");
        try {
            Dromedary dromedary = mirroring();
            Tree before = Tree.of(stage.target);

            // not while an rsync is in there
            eventually("the disk at rest", dromedary, () -> stage.works("umount source"));
            halted(dromedary, "another folder");
            Tree.assertSame(before, Tree.of(stage.target));

            sh("echo 2 >disk/file");
            assertThat(mount(disk)).isTrue();
            goesOn(dromedary);
        } finally {
            // even while an rsync is in there
            Sh.run(stage.scratch.root(), "umount -l source 2>/dev/null || true");
        }
    }

    /** Every tmpfs has the same number for its top folder, and the one that is mounted next often the device's number, too. */
    @Test
    void another_disk_in_its_place_empties_no_target_at_a_start_or_while_it_runs() {
        Assumptions.assumeTrue(stage.works("mount -t tmpfs -o size=1m tmpfs source"), "no file system may be mounted here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -l " + stage.source + " 2>/dev/null || :"));
        Dromedary first = mirroring();
        Tree before = Tree.of(stage.target);

        eventually("the disk at rest", first, () -> stage.works("umount source"));
        sh("mount -t tmpfs -o size=1m tmpfs source; echo 2 >source/stranger");
        halted(first, "another folder");
        Tree.assertSame(before, Tree.of(stage.target));
        first.terminate();

        Dromedary second = stage.start();
        halted(second, "another folder");
        Tree.assertSame(before, Tree.of(stage.target));
        sh("umount source; mount -t tmpfs -o size=1m tmpfs source; cp -a target/. source; echo 3 >source/more");
        goesOn(second);
    }

    @Test
    void a_disk_that_comes_after_the_first_start_is_watched_and_carried() {
        Assumptions.assumeTrue(stage.works("mount -t tmpfs -o size=1m tmpfs source && umount source"), "no file system may be mounted here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -l " + stage.source + " 2>/dev/null || :"));
        Dromedary dromedary = stage.configured().start().awaitReady();
        sh("mount -t tmpfs -o size=1m tmpfs source; mkdir source/a; echo 1 >source/a/file");
        goesOn(dromedary);
    }

    @Test
    void a_source_that_is_missing_at_the_start_is_waited_for_if_it_was_known() {
        mirroring().terminate();
        Tree before = Tree.of(stage.target);
        sh("mv source elsewhere");

        Dromedary dromedary = stage.start();
        halted(dromedary, "is not there");
        Tree.assertSame(before, Tree.of(stage.target));

        sh("echo 2 >elsewhere/file; mv elsewhere source");
        goesOn(dromedary);
    }

    @Test
    void a_source_that_is_empty_at_the_start_and_was_not_is_waited_for() {
        mirroring().terminate();
        Tree before = Tree.of(stage.target);
        sh("mkdir kept; mv source/* kept");

        Dromedary dromedary = stage.start();
        halted(dromedary, "is empty");
        Tree.assertSame(before, Tree.of(stage.target));

        sh("mv kept/* source");
        goesOn(dromedary);
    }

    private Dromedary mirroring() {
        stage.inSource("mkdir -p a/b c; echo 1 >a/b/file; echo 1 >file; echo 1 >other");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        // the whole tree is tried dry before, so it may come behind the first changes
        eventually("at rest", dromedary, () -> dromedary.output().contains("t/a: in line with its source")
                && dromedary.target().getInteger("pending") == 0);
        return dromedary;
    }

    private static void halted(Dromedary dromedary, String why) {
        eventually("halted, as it " + why, dromedary, () -> dromedary.output().contains("HALTED")
                && dromedary.output().contains(why) && dromedary.get("/api/status").body().contains("\"halted\"")
                && dromedary.get("/observe/health/ready").statusCode() == 503);
    }

    private void goesOn(Dromedary dromedary) {
        eventually("ready again", dromedary, dromedary::isReady);
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mkdir -p after/it; echo 1 >after/it/was-back");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    private boolean mount(Path disk) {
        try {
            Sh.run(stage.scratch.root(), "mount --bind '" + disk + "' source");
            return true;
        } catch (AssertionError | IllegalStateException e) {
            return false;
        }
    }

    private void sh(String script) {
        Sh.run(stage.scratch.root(), script);
    }
}
