package dev.dromedary.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.StubRsync;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.e2e.Settled.eventuallyState;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** What is not the target that is meant is neither written to nor emptied. */
class TargetGuardIT {

    private static final String NEW_TARGET = "/api/mirrors/t/targets/a/new-target";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_first_run_that_would_delete_more_than_it_brings_wants_a_word() {
        stage.inTarget("mkdir old; touch old/1 old/2; echo 1 >own");
        stage.inSource("echo 1 >file");
        Tree before = Tree.of(stage.target);
        Dromedary dromedary = stage.configured().start();
        eventually("halted", dromedary, () -> dromedary.output().contains("HALTED"));
        assertThat(dromedary.output()).contains("would delete 4 of the 4 entries there, and bring 1")
                .contains("dromedary resume --new-target t/a");
        stage.inSource("echo 2 >more");
        dromedary.post("/api/mirrors/t/targets/a/reconcile");
        Tree.assertSame(before, Tree.of(stage.target));

        dromedary.post(NEW_TARGET);
        eventuallySame(stage.source, stage.target, dromedary);
        dromedary.terminate();
        // it is known by now
        stage.inSource("rm file");
        Dromedary again = stage.start().awaitReady();
        eventuallySame(stage.source, stage.target, again);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--yes", "mirror.t.first-run = delete"})
    void or_has_it_beforehand(String word) {
        stage.inTarget("touch 1 2 3");
        Dromedary asked = stage.configured().dromedary().start("once");
        assertThat(asked.awaitExit()).as(asked.output()).isEqualTo(1);
        assertThat(asked.output()).contains("would delete 3 of the 3 entries").contains("--yes");
        assertThat(Tree.of(stage.target).has("1")).isTrue();

        Dromedary once = word.startsWith("--") ? stage.dromedary().start("once", word)
                : stage.configured(word).dromedary().start("once");
        assertThat(once.awaitExit()).as(once.output()).isZero();
        assertThat(Tree.of(stage.target).has("1")).isFalse();
    }

    @Test
    void a_new_disk_that_a_person_takes_for_the_target_gets_all() {
        Path disk = stage.mounted("disk", "size=16m");
        stage.inSource("echo 1 >one; echo 1 >two");
        Dromedary dromedary = stage.configuredFor(disk + "/t", "mirror.t.reconcile-on-start = true").start().awaitReady();
        eventuallySame(stage.source, disk.resolve("t"), dromedary);

        eventually("its run is over", dromedary, () -> stage.works("umount " + disk));
        stage.inSource("echo 2 >one");
        eventuallyState("away", dromedary);
        Sh.run(disk.getParent(), "mount -t tmpfs -o size=16m tmpfs " + disk + "; mkdir " + disk + "/t");
        dromedary.post(NEW_TARGET);

        eventuallySame(stage.source, disk.resolve("t"), dromedary);
    }

    /** What it has brought before it was cut off is none of the target's own, nor is what live runs have brought. */
    @Test
    void a_first_run_that_was_cut_off_is_not_asked_about_when_it_goes_on() {
        StubRsync stub = StubRsync.in(stage.scratch);
        stub.plays("""
                case " $* " in
                    *" --dry-run "*) ;;
                    *" --recursive "*--temp-dir*) ;;
                    *" --recursive "*) bring "$@" && exit 12 ;;
                esac
                """);
        stage.inSource("touch 1 2 3 4 5 6");
        Dromedary dromedary = stage.configured().dromedary().environment("PATH", stub.path()).start();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("rm 1 2 3 4 5");
        stub.letsGo();
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.output()).doesNotContain("HALTED");
    }

    @Test
    void a_first_run_that_brings_more_than_it_deletes_goes_on() {
        stage.inTarget("touch stale same");
        stage.inSource("touch 1 2 3 same");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void deletions_are_counted_whatever_their_number() {
        stage.inTarget("mkdir d; seq -f d/a-file-with-a-name-that-is-rather-long-for-a-file-%05.0f 20000 | xargs touch");
        stage.inSource("mkdir d; seq -f d/new-%05.0f 21000 | xargs touch");
        Dromedary dromedary = stage.configured("mirror.t.max-delete = 15000").start();
        eventually("halted", dromedary, () -> dromedary.output().contains("HALTED"));
        assertThat(dromedary.output()).contains("20000 entries would be deleted, and max-delete = 15000 allows no more");
        assertThat(Sh.run(stage.target, "ls d | grep -c a-file").strip()).isEqualTo("20000");

        dromedary.post("/api/mirrors/t/targets/a/resume");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_local_target_whose_disk_is_not_mounted_is_away() {
        Path disk = stage.mounted("disk", "size=4m");
        stage.inSource("mkdir a; echo 1 >a/file; echo 1 >quiet");
        Dromedary dromedary = local(disk.resolve("copy"));
        eventuallySame(stage.source, disk.resolve("copy"), dromedary);

        eventuallyAtRest(dromedary);
        eventually("the disk at rest", dromedary, () -> stage.works("umount disk"));
        stage.inSource("echo 2 >a/file");
        eventually("away", dromedary, () -> dromedary.output().contains("its disk is not mounted"));
        assertThat(explained(dromedary, "a/file")).contains("\"state\":\"pending\"", "its disk is not mounted");
        assertThat(explained(dromedary, "quiet")).as("it was there, but its disk is not").contains("\"state\":\"not known\"", "its disk is not mounted");
        dromedary.terminate();
        Dromedary again = stage.start();
        eventually("away after a start, too", again, () -> again.output().contains("its disk is not mounted"));
        assertThat(disk).isEmptyDirectory();

        Sh.run(stage.scratch.root(), "mount -t tmpfs -o size=4m tmpfs disk");
        eventuallySame(stage.source, disk.resolve("copy"), again);
    }

    @Test
    void another_disk_there_is_a_target_that_is_not_known() {
        Path disk = stage.mounted("disk", "size=4m");
        stage.inSource("mkdir a; echo 1 >a/file");
        Dromedary first = local(disk);
        eventuallySame(stage.source, disk, first);
        first.terminate();
        Sh.run(stage.scratch.root(), "umount disk; mount -t tmpfs -o size=4m tmpfs disk; touch disk/1 disk/2 disk/3");
        Dromedary again = stage.start();
        eventually("halted", again, () -> again.output().contains("would delete 3 of the 3 entries"));
        eventually("what is not there is not in line", again, () -> explained(again, "a/file").contains("would delete 3 of the 3 entries"));
        assertThat(explained(again, "a/file")).doesNotContain("\"state\":\"in line\"");
        assertThat(disk.resolve("1")).exists();
    }

    @Test
    void another_disk_that_comes_while_it_runs_gets_all() {
        Path disk = stage.mounted("disk", "size=4m");
        stage.inSource("mkdir a; echo 1 >a/file");
        Dromedary dromedary = local(disk);
        eventuallySame(stage.source, disk, dromedary);
        eventuallyAtRest(dromedary);

        Sh.run(stage.scratch.root(), "umount disk; mount -t tmpfs -o size=4m tmpfs disk");
        stage.inSource("echo 2 >new");
        eventuallySame(stage.source, disk, dromedary);
        assertThat(dromedary.output()).contains("another file system is mounted there than before");
    }

    @Test
    void what_was_written_where_the_disk_no_longer_was_has_not_arrived() throws Exception {
        VanishingDisk disk = new VanishingDisk(stage, "4m");
        Path copy = disk.disk.resolve("copy");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configuredFor(disk.point.resolve("copy").toString(), disk.before()).start().awaitReady();
        eventuallySame(stage.source, copy, dromedary);
        eventually("nothing is pending", dromedary, () -> dromedary.target().getLong("pending") == 0);

        disk.vanishes();
        stage.inSource("echo 2 >file; echo 2 >new");
        eventually("it is noticed", dromedary, () -> dromedary.output().contains("its disk was unmounted or another one was mounted"));
        eventuallyState("away", dromedary);
        assertThat(copy.resolve("new")).doesNotExist();

        disk.comesBack();
        eventuallySame(stage.source, copy, dromedary);
    }

    @Test
    void told_so_it_takes_a_folder_without_the_disk() {
        Path disk = stage.mounted("disk", "size=4m");
        stage.inSource("echo 1 >file");
        Dromedary dromedary = local(disk);
        eventuallySame(stage.source, disk, dromedary);
        eventuallyAtRest(dromedary);
        eventually("the disk at rest", dromedary, () -> stage.works("umount disk"));
        stage.inSource("echo 2 >file");
        eventually("away", dromedary, () -> dromedary.output().contains("its disk is not mounted"));
        dromedary.post(NEW_TARGET);
        eventuallySame(stage.source, disk, dromedary);
    }

    private String explained(Dromedary dromedary, String path) {
        return dromedary.get("/api/explain?path=" + stage.source.resolve(path)).body();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void without_its_marker_nothing_is_written_and_the_marker_stays(boolean daemon) throws Exception {
        stage.inSource("echo 1 >file");
        stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + (daemon ? stage.daemon.url("m") : stage.target),
                "mirror.t.target.a.replay = 1s", "mirror.t.target.a.retry-delay = 100ms", "mirror.t.target-marker = .the-disk");
        Dromedary dromedary = stage.start();
        eventually("away", dromedary, () -> dromedary.output().contains("target-marker = .the-disk: there is no such file"));
        assertThat(stage.target).isEmptyDirectory();
        Dromedary check = stage.dromedary().start("check");
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.output()).contains(".the-disk");

        stage.inTarget("touch .the-disk");
        eventually("carried", dromedary, () -> Tree.of(stage.target).has("file"));
        stage.inSource("rm file; echo 2 >other");
        eventually("carried", dromedary, () -> Tree.of(stage.target).has("other") && !Tree.of(stage.target).has("file"));
        dromedary.reconcile();
        assertThat(stage.target.resolve(".the-disk")).exists();

        stage.inTarget("rm .the-disk other");
        stage.inSource("echo 3 >other");
        eventually("away again", dromedary, () -> dromedary.get("/api/status").body().contains("there is no such file"));
        assertThat(stage.target).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"holds", "itself", "inside"})
    void a_module_of_this_machine_that_meets_the_source_is_found_out(String how) throws Exception {
        stage.inSource("mkdir -p a/in; echo 1 >a/file; echo 1 >file");
        Path module = switch (how) {
            case "holds" -> stage.scratch.root();
            case "itself" -> stage.source;
            default -> stage.source.resolve("a/in");
        };
        Files.createFile(stage.scratch.root().resolve("neighbour"));
        stage.daemon.reconfigure(text -> text + "[meets]\npath = " + module + "\nread only = no\nuse chroot = no\n");
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, "mirror.t.first-run = delete"));
        lines.addAll(Stage.quickTarget("a", stage.daemon.url("meets")));
        Tree before = Tree.of(stage.source);
        Dromedary dromedary = stage.configuredOnlyWith(lines.toArray(String[]::new)).start();
        eventually("halted", dromedary, () -> dromedary.output().contains("HALTED"));
        assertThat(dromedary.output()).contains(switch (how) {
            case "holds" -> "lies inside it, and would be deleted";
            case "itself" -> "it is the source";
            default -> "it lies inside its own source";
        });
        Tree.assertSame(before, Tree.of(stage.source));
        assertThat(stage.scratch.root().resolve("neighbour")).exists();
        Dromedary check = stage.dromedary().start("check");
        assertThat(check.awaitExit()).as(check.output()).isEqualTo(1);
        assertThat(check.output()).contains("is on this machine, and");
    }

    @Test
    void a_bind_mount_of_what_holds_the_source_is_refused() throws Exception {
        Path other = stage.scratch.folder("other");
        Assumptions.assumeTrue(stage.works("mount --bind source/.. other"), "nothing may be mounted here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -l " + other));
        Dromedary refused = stage.configuredOnlyWith("mirror.t.source = " + stage.source, "mirror.t.target.a.url = " + other).start();
        assertThat(refused.awaitExit()).as(refused.output()).isEqualTo(2);
        assertThat(refused.output()).contains("lies inside this target, and would be deleted");
    }

    // a run that is left would keep the disk busy
    private void eventuallyAtRest(Dromedary dromedary) {
        eventuallyState("live", dromedary);
        eventually("no run is left", dromedary, () -> Settled.startedFor(stage.state).isEmpty());
    }

    private Dromedary local(Path target) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source));
        lines.addAll(Stage.quickTarget("a", target));
        return stage.configuredOnlyWith(lines.toArray(String[]::new)).start().awaitReady();
    }
}
