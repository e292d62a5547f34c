package dev.dromedary.e2e;

import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** File systems that are mounted below a source come and go. */
class SubmountIT {

    private static final String TMPFS = "mount -t tmpfs -o size=1m,mode=755 tmpfs ";

    @AutoClose
    private final Stage stage = new Stage();

    @BeforeEach
    void mayMount() {
        // what a test mounts is gone with this one
        Assumptions.assumeTrue(stage.works("mount -t tmpfs -o size=8m,mode=755 tmpfs source"), "no file system may be mounted here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -R -l " + stage.source));
        stage.inSource("mkdir -p disk/sub plain; echo 1 >plain/file; echo 1 >file");
    }

    @Test
    void one_that_is_unmounted_while_it_runs_is_kept_at_the_target_until_it_is_back() {
        withDisk();
        Dromedary dromedary = mirroring();

        unmount("disk", dromedary);
        isMissed(dromedary);
        bringsTheRest(dromedary);
        reconcile(dromedary);
        assertThat(Tree.of(stage.target).has("disk/on-the-disk")).isTrue();

        // another one of the same names, as a disk that was copied
        stage.inSource(TMPFS + "disk; echo 2 >disk/on-the-disk; mkdir -p disk/sub/deep");
        eventually("ready again", dromedary, dromedary::isReady);
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 3 >disk/sub/deep/new");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void one_that_is_not_mounted_at_a_start_is_kept_at_the_target() {
        withDisk();
        mirroring().terminate();
        stage.inSource("umount disk");

        Dromedary dromedary = stage.start();
        isMissed(dromedary);
        bringsTheRest(dromedary);
        assertThat(Tree.of(stage.target).has("disk/on-the-disk")).isTrue();
    }

    @Test
    void once_does_not_call_a_source_without_it_in_line() {
        withDisk();
        mirroring().terminate();
        stage.inSource("umount disk; echo 2 >file");

        Dromedary once = stage.dromedary().start("once");
        assertThat(once.awaitExit()).as(once.output()).isEqualTo(1);
        assertThat(once.output()).contains("disk: its file system is not mounted");
        assertThat(Tree.of(stage.target).has("disk/on-the-disk")).isTrue();
    }

    @Test
    void one_that_is_let_go_of_lazily_or_moved_is_missed_too() {
        withDisk();
        Dromedary dromedary = mirroring();
        stage.inSource("umount -l disk");
        isMissed(dromedary);
        stage.inSource("mkdir other; " + TMPFS + "disk; echo 1 >disk/on-the-disk");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("at rest", dromedary, () -> dromedary.isReady() && dromedary.target().getInteger("pending") == 0);
        stage.inSource("mount --make-rprivate . 2>/dev/null; mount --move disk other");
        isMissed(dromedary);
        eventually("what came elsewhere", dromedary, () -> Tree.of(stage.target).has("other/on-the-disk"));
        assertThat(Tree.of(stage.target).has("disk/on-the-disk")).isTrue();
    }

    @Test
    void one_that_comes_while_it_runs_is_watched_and_carried() {
        Dromedary dromedary = mirroring();
        stage.inSource(TMPFS + "disk; echo 1 >disk/on-the-disk; mkdir disk/more");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >disk/more/new");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.isReady()).isTrue();
    }

    @Test
    void another_one_in_its_place_is_not_taken_for_it_until_somebody_says_so() {
        withDisk();
        Dromedary dromedary = mirroring();
        unmount("disk", dromedary);
        stage.inSource(TMPFS + "disk; echo 1 >disk/stranger");
        eventually("missed", dromedary, () -> dromedary.output().contains("another file system is mounted there"));
        reconcile(dromedary);
        assertThat(Tree.of(stage.target).has("disk/on-the-disk")).isTrue();
        assertThat(Tree.of(stage.target).has("disk/stranger")).isFalse();

        dromedary.post("/api/mirrors/t/targets/a/new-source");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("ready again", dromedary, dromedary::isReady);
    }

    /** The next mount gets the numbers that have become free, so that the kernel's table may have the same text as before. */
    @Test
    void another_one_that_comes_while_nobody_looks_is_not_taken_for_it() {
        withDisk();
        Dromedary dromedary = mirroring();
        swapWhileItIsSuspended(dromedary, TMPFS + "disk; echo 1 >disk/stranger");
        eventually("missed", dromedary, () -> dromedary.output().contains("another file system is mounted there"));
        reconcile(dromedary);
        assertThat(Tree.of(stage.target).has("disk/on-the-disk")).isTrue();
        assertThat(Tree.of(stage.target).has("disk/stranger")).isFalse();
    }

    @Test
    void a_copy_of_it_that_comes_while_nobody_looks_is_watched() {
        withDisk();
        Dromedary dromedary = mirroring();
        swapWhileItIsSuspended(dromedary, TMPFS + "disk; echo 2 >disk/on-the-disk; mkdir -p disk/sub/deep");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 3 >disk/sub/deep/new");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.output()).doesNotContain("another file system is mounted there");
    }

    private void swapWhileItIsSuspended(Dromedary dromedary, String script) {
        dromedary.suspend();
        // not while an rsync is in there
        stage.inSource("for i in $(seq 100); do umount disk && break; sleep 0.1; done; " + script);
        dromedary.resume();
    }

    @Test
    void one_that_is_gone_for_good_is_given_up_when_somebody_says_so() {
        withDisk();
        Dromedary dromedary = mirroring();
        unmount("disk", dromedary);
        isMissed(dromedary);
        dromedary.post("/api/mirrors/t/targets/a/new-source");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(Tree.of(stage.target).has("disk/on-the-disk")).isFalse();
        eventually("ready again", dromedary, dromedary::isReady);
    }

    @Test
    void while_all_else_churns_one_comes_and_goes() {
        withDisk();
        stage.inSource("mkdir churned");
        Dromedary dromedary = mirroring();
        Churn churn = new Churn(stage.source.resolve("churned"), stage.scratch.folder("outside"), 3, 1);
        for (int i = 0; i < 8; i++) {
            churn.operations(150);
            stage.inSource("umount -l disk");
            churn.operations(150);
            // as a disk that was copied, and was written to meanwhile
            Sh.run(stage.scratch.folder("fresh"), TMPFS + "../fresh; cd ../fresh; mkdir -p sub/deep; echo " + i + " >on-the-disk; echo " + i
                    + " >sub/deep/new; mount --bind . ../source/disk; cd ..; umount fresh");
        }
        churn.operations(100);
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("ready again", dromedary, dromedary::isReady);
        eventually("no dead letter", dromedary, () -> stage.deadLetters().isEmpty());
        churn.everywhere("probe");
        stage.inSource("echo last >disk/sub/deep/new");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_verification_does_not_call_a_source_without_it_the_same() {
        withDisk();
        mirroring().terminate();
        stage.inSource("umount disk");
        Dromedary verify = stage.dromedary().start("verify");
        assertThat(verify.awaitExit()).as(verify.output()).isEqualTo(1);
        assertThat(verify.output()).contains("disk: its file system is not mounted");
    }

    @Test
    void while_one_is_missing_the_target_is_not_live() {
        withDisk();
        Dromedary dromedary = mirroring();
        unmount("disk", dromedary);
        eventually("partial", dromedary, () -> dromedary.target().getString("state").equals("partial"));
        assertThat(dromedary.target().getString("reason")).contains("disk: its file system is not mounted");
    }

    @Test
    void layers_are_mirrored_as_what_they_show() {
        stage.inSource("mkdir -p layers/lower/a/deep layers/upper layers/work merged; echo 1 >layers/lower/a/file;"
                + " echo 1 >layers/lower/a/deep/file; echo 1 >layers/lower/gone");
        Assumptions.assumeTrue(stage.works("cd source && mount -t overlay -o lowerdir=layers/lower,upperdir=layers/upper,"
                + "workdir=layers/work overlay merged"), "no overlay may be mounted here");
        Path merged = stage.source.resolve("merged");
        stage.configuredOnlyWith("mirror.t.source = " + merged, "mirror.t.target.a.url = " + stage.daemon.url("m"));
        Dromedary dromedary = stage.start().awaitReady();
        eventuallySame(merged, stage.target, dromedary);
        // copied up, whited out, made opaque, redirected
        Sh.run(merged, "echo 2 >a/file; rm gone; rm -r a/deep; mkdir a/deep; echo 2 >a/deep/new; mv a b 2>/dev/null || cp -a a b; touch c");
        eventuallySame(merged, stage.target, dromedary);
        Sh.run(merged, "echo 3 >b/deep/new; chmod 700 b; mkdir -p d/e; echo 1 >d/e/f");
        eventuallySame(merged, stage.target, dromedary);
    }

    @Test
    void one_that_a_user_empties_is_emptied_at_the_target() {
        withDisk();
        Dromedary dromedary = mirroring();
        stage.inSource("rm -r disk/*");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(dromedary.isReady()).isTrue();
    }

    @Test
    void a_folder_that_is_there_twice_follows_at_both_places() {
        stage.inSource("mkdir -p shared/deep twice; echo 1 >shared/deep/file; mount --bind shared twice");
        Dromedary dromedary = mirroring();
        stage.inSource("echo 2 >shared/deep/file; mkdir -p twice/made/here; echo 1 >twice/made/here/file");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 3 >twice/deep/file; mv shared/made shared/moved; rm shared/moved/here/file");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    private void withDisk() {
        stage.inSource(TMPFS + "disk; mkdir disk/sub; echo 1 >disk/on-the-disk; echo 1 >disk/sub/file");
    }

    private Dromedary mirroring() {
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        // the whole tree is tried dry before, so it may come behind the first changes
        eventually("at rest", dromedary, () -> dromedary.output().contains("t/a: in line with its source")
                && dromedary.target().getInteger("pending") == 0);
        return dromedary;
    }

    private void unmount(String folder, Dromedary dromedary) {
        // not while an rsync is in there
        eventually("the disk at rest", dromedary, () -> stage.works("umount source/" + folder));
    }

    private static void isMissed(Dromedary dromedary) {
        eventually("not ready, as a disk is missing", dromedary, () -> dromedary.answers("/observe/health/ready", 503)
                && dromedary.get("/observe/health/ready").body().contains("disk: its file system is not mounted"));
    }

    private void bringsTheRest(Dromedary dromedary) {
        stage.inSource("echo 2 >plain/new; rm file; mkdir plain/folder");
        eventually("the rest", dromedary, () -> Tree.of(stage.target).has("plain/new") && !Tree.of(stage.target).has("file")
                && Tree.of(stage.target).has("plain/folder"));
    }

    private static void reconcile(Dromedary dromedary) {
        int before = count(dromedary);
        dromedary.post("/api/mirrors/t/targets/a/reconcile");
        eventually("compared", dromedary, () -> count(dromedary) > before);
    }

    private static int count(Dromedary dromedary) {
        return dromedary.output().split("t/a: in line with its source", -1).length;
    }
}
