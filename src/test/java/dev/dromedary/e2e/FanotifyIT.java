package dev.dromedary.e2e;

import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** By which of the kernel's ways a source is watched, with which rights, and what others do on its file system. */
class FanotifyIT {

    private static final int NOBODY = 65534;
    private static final String TWO_SETS = "for i in 1 2 3; do mkdir -p new$i/deep; echo $i >new$i/deep/file; done; mv a renamed; echo 2 >renamed/b/file";

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void without_being_told_it_is_inotify() {
        Dromedary dromedary = mirroring(stage.configured().dromedary());

        assertThat(watch(dromedary)).contains("\"watchedBy\":\"inotify\"");
    }

    @Test
    void an_ordinary_user_gets_inotify_and_a_word() {
        Dromedary dromedary = mirroring(asNobody());

        assertThat(watch(dromedary)).contains("\"watchedBy\":\"inotify\"", "\"whollyWatched\":true");
        assertThat(dromedary.output()).containsOnlyOnce("is watched by inotify, not by fanotify: fanotify takes the capabilities CAP_SYS_ADMIN");
    }

    @Test
    void one_of_the_rights_is_not_enough() {
        Dromedary dromedary = mirroring(asNobody("sys_admin"));

        assertThat(watch(dromedary)).contains("\"watchedBy\":\"inotify\"", "\"whollyWatched\":true");
        assertThat(dromedary.output()).contains("CAP_DAC_READ_SEARCH");
    }

    @Test
    void an_ordinary_user_with_both_rights_gets_fanotify() {
        Dromedary dromedary = mirroring(asNobody("sys_admin", "dac_read_search"));

        assertThat(watch(dromedary)).contains("\"watchedBy\":\"fanotify\"", "\"whollyWatched\":true", "\"foldersWatched\":null");
        Dromedary status = stage.dromedary().port(dromedary.port()).start("status");
        status.awaitExit();
        assertThat(status.output()).contains(", watched by fanotify");
    }

    @Test
    void what_others_do_on_that_file_system_is_no_event_of_this_source() {
        Path others = stage.scratch.folder("source-of-others");
        Dromedary dromedary = mirroring(configured("fanotify"));
        String before = events(dromedary);

        Sh.run(others, "i=0; while [ $i -lt 2000 ]; do echo 1 >f$i; mv f$i g$((i % 10)); i=$((i + 1)); done; mkdir -p a/b; rm -rf a");
        assertThat(events(dromedary)).isEqualTo(before);

        stage.inSource("echo 3 >renamed/b/file");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(events(dromedary)).isNotEqualTo(before);
    }

    @Test
    void what_comes_in_from_the_same_file_system_comes_with_all_that_is_in_it() {
        Path outside = stage.scratch.folder("outside");
        Sh.run(outside, "mkdir -p tree/a/b; echo 1 >tree/a/b/file; echo 1 >tree/file");
        Dromedary dromedary = mirroring(configured("fanotify"));

        stage.inSource("mv ../outside/tree came");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 2 >came/a/b/file");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("mv came ../outside/tree; echo 3 >../outside/tree/file; echo 3 >end");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    /** Its mark is refused by the kernel: EOPNOTSUPP. So it is in a container without a volume. */
    @Test
    void a_file_system_that_can_not_be_watched_like_this_is_watched_by_inotify() {
        assumeTrue(stage.works("mkdir -p layers/lower layers/upper layers/work && mount -t overlay overlay -o lowerdir=layers/lower,upperdir=layers/upper,workdir=layers/work source"),
                "no overlay may be mounted here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -R -l " + stage.source));
        Dromedary dromedary = mirroring(configured("fanotify"));

        assertThat(watch(dromedary)).contains("\"watchedBy\":\"inotify\"", "\"whollyWatched\":true");
        assertThat(dromedary.output()).contains("this file system can't be watched by fanotify");
    }

    @Test
    void the_source_can_be_unmounted_while_it_is_watched() {
        assumeTrue(stage.works("mount -t tmpfs -o size=8m,mode=755 tmpfs source"), "no file system may be mounted here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -R -l " + stage.source + " 2>/dev/null || :"));
        Dromedary dromedary = mirroring(stage.configured("mirror.t.watch = fanotify", "mirror.t.warm = off").dromedary());
        assertThat(watch(dromedary)).contains("\"watchedBy\":\"fanotify\"");

        eventually("nothing keeps it", dromedary, () -> stage.works("umount source"));
        eventually("that is seen", dromedary, () -> dromedary.get("/api/status").body().contains("\"halted\""));
    }

    /** What was mounted there is missed at its old path, as any disk; what changes in it is carried under the new one. */
    @Test
    void a_folder_with_a_disk_in_it_may_be_renamed() {
        assumeTrue(stage.works("mkdir -p source/a/disk && mount -t tmpfs -o size=8m,mode=755 tmpfs source/a/disk"), "no file system may be mounted here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -R -l " + stage.source + "/*/disk 2>/dev/null || :"));
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file; echo 1 >a/disk/file");
        Dromedary dromedary = configured("fanotify").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("mv a c; echo 2 >c/disk/file; echo 2 >c/b/file");
        eventually("all that is in it", dromedary, () -> stage.works("cmp source/c/disk/file target/c/disk/file && cmp source/c/b/file target/c/b/file"));
        stage.inSource("echo 3 >c/disk/later");
        eventually("what changes there later", dromedary, () -> stage.works("cmp source/c/disk/later target/c/disk/later"));
        assertThat(stage.works("test -e target/a/disk/file")).isTrue();
    }

    /** The kernel forgets the mark of a file system that is unmounted, without a word. */
    @Test
    void a_disk_that_was_unmounted_and_mounted_within_a_moment_is_watched_again() {
        assumeTrue(stage.works("truncate -s 16M disk.img && mkfs.ext4 -q disk.img && mount -o loop disk.img source"), "no file system may be mounted here");
        stage.scratch.own(() -> Sh.run(Path.of("/"), "umount -R -l " + stage.source + " 2>/dev/null || :"));
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file");
        Dromedary dromedary = stage.configured("mirror.t.watch = fanotify", "mirror.t.warm = off").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        eventually("nothing keeps it", dromedary, () -> {
            dromedary.suspend();
            boolean done = stage.works("umount source && mount -o loop disk.img source");
            dromedary.resume();
            return done;
        });
        stage.inSource("echo 2 >a/b/file");
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource("echo 3 >a/b/later");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void check_says_beforehand_by_what_and_why() {
        assertThat(check("fanotify")).contains("watch of t", "by fanotify, the file system as a whole: as it is configured");
        assertThat(check("auto")).contains("inotify watches").doesNotContain("watch of t");
    }

    private String check(String by) {
        Dromedary check = configured(by).start("check");
        check.awaitExit();
        return check.output();
    }

    private Dromedary.Builder asNobody(String... capabilities) {
        Sh.run(stage.scratch.root(), "chmod 711 . && chown " + NOBODY + ":" + NOBODY + " home source");
        Dromedary.Builder builder = configured("fanotify");
        return capabilities.length == 0 ? builder.as(NOBODY) : builder.as(NOBODY, capabilities);
    }

    private Dromedary.Builder configured(String by) {
        return stage.configured("mirror.t.watch = " + by).dromedary();
    }

    private Dromedary mirroring(Dromedary.Builder builder) {
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file");
        Dromedary dromedary = builder.start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        stage.inSource(TWO_SETS);
        eventuallySame(stage.source, stage.target, dromedary);
        return dromedary;
    }

    private static String watch(Dromedary dromedary) {
        return dromedary.get("/api/status").body();
    }

    private static String events(Dromedary dromedary) {
        return watch(dromedary).replaceFirst(".*\"events\":(\\d+).*", "$1");
    }
}
