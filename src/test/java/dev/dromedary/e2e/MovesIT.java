package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.RsyncDaemon;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.SshServer;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** What is renamed at the source is renamed at the target, and not sent again; and whatever happens, ends right. */
class MovesIT {

    private static final long MEGABYTE = 1 << 20;
    private static final List<String> SCRIPTS = List.of(
            // chains and rings, in one window and in several
            "mv a x",
            "mv a x; mv x y; mv y z",
            "mv a x; mv b a; mv x b",
            "mv a x; mv b a; mv c b; mv x c",
            "mv a x; mv x a",
            "mv a/deep x; mv a y; mv x y/again",
            "mv a b/a; mv b c/b; mv c/b/a .",
            "mv a x; mv b y; mv c z; mkdir d; mv x y z d",
            "mv a old; mv b a; mv old b; sleep 0.2; mv b old",
            "mv a x; sleep 0.1; mv x y; sleep 0.1; mv y a",
            // over something that is there
            "rm -r b; mv a b",
            "mv a/1 b/1; mv a/2 b/other",
            "mv b/1 saved; mv a/1 b/1; mv saved a/1",
            "mv a old; mkdir a; echo new >a/1; mv a b/; mv old a",
            "mv b/deep a/deep2; mv a/deep b/deep",
            // a new folder above, and what is written before and after
            "mkdir -p new/folder; mv a new/folder/a; echo 2 >new/folder/a/1; rm new/folder/a/2",
            "echo changed >a/1; rm a/2; mv a x; echo changed >x/deep/1; chmod 700 x/deep; ln -s 1 x/other",
            "mv a x; cp -a x a; rm a/1",
            "cp -a a x; mv x y",
            // a file or a link takes a folder's place, or the other way round
            "mv a x; ln -s x a",
            "mv a x; echo file >a; rm -r b; mv a b",
            "rm -r b; ln -s a b; rm b; mv a b",
            // names that can't be arguments
            "mv a 'x*[y]?'; mv b 'q\"u$(o)'\\''te'; mv c ./-c",
            "mv a ' x '; mv b \"$(printf 'b\\nb')\"; mv c \"$(printf 'c\\351')\"");

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void a_renamed_folder_is_linked_by_a_daemon() {
        stage.inSource(some("old"));
        Dromedary dromedary = inLine(stage.configured());
        String before = inodes(stage.target.resolve("old"));
        long received = stage.daemon.received();

        stage.inSource("mv old new");

        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(inodes(stage.target.resolve("new"))).isEqualTo(before);
        // so that each run has ended
        dromedary.terminate();
        assertThat(stage.daemon.received() - received).isLessThan(MEGABYTE / 20);
    }

    /** Each that is linked takes several runs of rsync, so of many only a few are. */
    @Test
    void many_renamed_folders_do_not_take_a_run_each() {
        stage.inSource("for i in $(seq 60); do mkdir d$i; head -c 1100000 /dev/zero | tr '\\0' $((i % 10)) >d$i/file; done");
        Dromedary dromedary = inLine(stage.configured());
        long before = stage.daemon.connections();
        stage.inSource("for i in $(seq 60); do mv d$i e$i; done; echo 1 >other");
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(stage.daemon.connections() - before).isLessThan(90);
    }

    @Test
    void a_renamed_folder_is_linked_below_a_module_without_chroot() {
        Path module = stage.scratch.folder("module");
        Path target = stage.scratch.folder("module/a/b c");
        RsyncDaemon daemon = RsyncDaemon.in(stage.scratch).module("n", module)
                .with("use chroot = no").with("munge symlinks = no").start();
        a_renamed_folder_is_linked(daemon.url("n") + "a/b c/", target);
    }

    @Test
    void a_renamed_folder_is_linked_over_ssh() {
        SshServer server = SshServer.start(stage.scratch);
        Path target = stage.scratch.folder("re mote");
        a_renamed_folder_is_linked(server.url(target), target, "mirror.t.target.b.ssh-options = " + server.options());
    }

    @Test
    void a_renamed_folder_is_linked_behind_rrsync() throws IOException {
        SshServer server = SshServer.start(stage.scratch);
        Path target = stage.scratch.folder("remote");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/rrsync")), "no rrsync");
        server.restrict("/usr/bin/rrsync -wo -no-lock " + target);
        stage.inSource(some("old"));
        Dromedary dromedary = stage.configured(lines(server.url(Path.of("/")).replaceAll("//$", "/"),
                "mirror.t.target.b.ssh-options = " + server.options(),
                "mirror.t.target.b.rsync-options = --modify-window=0")).start().awaitReady();
        eventually("all of it", dromedary, () -> dromedary.output().contains("t/b: in line"));
        String before = inodes(target.resolve("old"));
        stage.inSource("mv old new");
        eventually("the move", dromedary, () -> !Files.exists(target.resolve("old")) && Tree.of(target).has("new/deep/1"));
        assertThat(inodes(target.resolve("new"))).isEqualTo(before);
    }

    @Test
    void a_renamed_folder_is_linked_in_a_local_folder() {
        Path target = stage.scratch.folder("local");
        a_renamed_folder_is_linked(target, target);
    }

    private void a_renamed_folder_is_linked(Object url, Path target, String... more) {
        stage.inSource(some("old"));
        Dromedary dromedary = inLine(stage.configured(lines(url, more)));
        eventually("the other, too", dromedary, () -> dromedary.output().contains("t/b: in line"));
        String before = inodes(target.resolve("old"));

        stage.inSource("mkdir -p further/down; mv old 'further/down/a name'");

        eventuallySame(stage.source, target, dromedary);
        assertThat(inodes(target.resolve("further/down/a name"))).isEqualTo(before);
    }

    private String[] lines(Object url, String... more) {
        return Stream.concat(Stage.quickTarget("b", url).stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void a_file_is_made_of_what_it_was_when_it_is_renamed_or_linked_when_it_only_moves() {
        stage.inSource("mkdir a b; head -c 3000000 /dev/urandom >a/upload.part; head -c 2000000 /dev/urandom >a/moved");
        Dromedary dromedary = inLine(stage.configured());
        String before = inodes(stage.target.resolve("a/moved"));
        long received = stage.daemon.received();

        stage.inSource("mv a/upload.part a/upload; mv a/moved b/moved");

        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(inodes(stage.target.resolve("b/moved"))).isEqualTo(before);
        // so that each run has ended
        dromedary.terminate();
        assertThat(stage.daemon.received() - received).isLessThan(MEGABYTE / 10);
    }

    @Test
    void a_large_file_is_not_sent_again_either_alone_or_in_a_folder() {
        stage.inSource("mkdir -p old/deep; head -c 5000000 /dev/urandom >old/deep/large; head -c 5000000 /dev/urandom >upload.part");
        Dromedary dromedary = inLine(stage.configured("mirror.t.large-file = 1m"));
        String before = inodes(stage.target.resolve("old"));
        long received = stage.daemon.received();

        stage.inSource("mv old new; mv upload.part upload");

        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(inodes(stage.target.resolve("new"))).isEqualTo(before);
        // so that each run has ended
        dromedary.terminate();
        assertThat(stage.daemon.received() - received).isLessThan(MEGABYTE / 5);
    }

    @Test
    void whatever_moves_ends_right() {
        Dromedary dromedary = inLine(stage.configured());
        for (String script : SCRIPTS) {
            stage.inSource("rm -rf ./*\n" + some("a") + some("b") + some("c"));
            eventuallySame(stage.source, stage.target, dromedary);
            stage.inSource(script);
            try {
                eventuallySame(stage.source, stage.target, dromedary);
            } catch (AssertionError e) {
                throw new AssertionError("after: " + script, e);
            }
        }
    }

    /** Builds that can be reproduced give all of their files one time, whatever is in them. */
    @Test
    void files_of_the_same_size_and_time_are_not_taken_for_each_other() {
        String release = "mkdir R; for i in 1 2 3; do head -c 100000 /dev/urandom >R/$i; touch -d 2020-01-01 R/$i; done;";
        stage.inSource(release.replace("R", "www") + release.replace("R", "next"));
        Dromedary dromedary = inLine(stage.configured());
        for (int i = 0; i < 3; i++) {
            stage.inSource("mv www old; mv next www; mv old next");
            eventuallySame(stage.source, stage.target, dromedary);
            stage.inSource("rm -r next; " + release.replace("R", "next") + "mv www/1 www/x; mv next/1 www/1; mv www/x next/1");
            eventuallySame(stage.source, stage.target, dromedary);
        }
    }

    @Test
    void what_is_left_out_stays_out_and_what_was_left_out_comes() {
        stage.inSource(some("a") + some("b.out") + "mkdir a/cache c; echo 1 >a/cache/x; echo 1 >a/deep/left.out; echo 1 >c/2");
        Dromedary dromedary = inLine(stage.configured("mirror.t.exclude = *.out, /a/cache, /x/deep"), "b.out", "a/cache", "a/deep/left.out");

        stage.inSource("mv a x");
        eventually("the move", dromedary, () -> Tree.of(stage.target).equals(Tree.of(stage.source)
                .without("b.out").without("x/deep")));
        stage.inSource("mv b.out b; mv x/deep deep; mv x a");
        eventually("more moves", dromedary, () -> Tree.of(stage.target).equals(Tree.of(stage.source)
                .without("deep/left.out").without("a/cache")));
        stage.inSource("mv b b.out");
        eventually("it goes", dromedary, () -> !Tree.of(stage.target).has("b") && !Tree.of(stage.target).has("b.out"));
    }

    @Test
    void a_target_that_has_lost_the_old_name_gets_the_new_one() {
        stage.inSource(some("a"));
        Dromedary dromedary = inLine(stage.configured());
        stage.inTarget("rm -r a");
        stage.inSource("mv a x");
        eventuallySettled(stage, dromedary);

        stage.inTarget("mv x elsewhere; mkdir x; echo other >x/1; rm -r elsewhere");
        stage.inSource("mv x y");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void what_moves_while_the_target_is_away_ends_right() {
        stage.inSource(some("a") + some("b"));
        Dromedary dromedary = inLine(stage.configured());
        stage.daemon.stop();
        stage.inSource("mv a x; mv x y; echo 3 >y/1; mv b a");
        stage.inSource("mv y/deep deep; head -c 2000000 /dev/urandom >a/big; mv a/big big");
        stage.daemon.start();
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_target_on_which_nothing_is_deleted_keeps_both_apart() {
        stage.inSource(some("a"));
        Dromedary dromedary = inLine(stage.configured("mirror.t.delete = false"));
        Tree before = Tree.of(stage.target.resolve("a"));
        stage.inSource("mv a x");
        eventually("the new name", dromedary, () -> Tree.of(stage.target).has("x/deep/1"));
        stage.inSource("echo other >x/deep/1; chmod 600 x/deep/1");
        eventually("the change", dromedary, () -> Tree.of(stage.target.resolve("x")).equals(Tree.of(stage.source.resolve("x"))));
        Tree.assertSame(before, Tree.of(stage.target.resolve("a")));
    }

    private static String some(String folder) {
        return "mkdir -p F/deep; for i in 1 2 3 4 5; do head -c 100000 /dev/urandom >F/$i; head -c 100000 /dev/urandom >F/deep/$i; done; ln -s nowhere F/link\n"
                .replace("F", folder);
    }

    private Dromedary inLine(Stage configured, String... leftOut) {
        Dromedary dromedary = configured.start().awaitReady();
        Tree expected = Tree.of(stage.source);
        for (String path : leftOut) {
            expected = expected.without(path);
        }
        eventuallySame(expected, () -> Tree.of(stage.target), dromedary);
        eventually("in line", dromedary, () -> dromedary.output().contains("t/a: in line"));
        eventually("live", dromedary, () -> dromedary.get("/api/status").body().contains("\"state\":\"live\""));
        return dromedary;
    }

    // of each path below, in its order
    private static String inodes(Path top) {
        return Sh.run(top.getParent(), "find '" + top.getFileName() + "' ! -type d -printf '%i %f\\n' | sort");
    }
}
