package dev.dromedary.e2e;

import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.e2e.Settled.eventuallySettled;
import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class ReconcileIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void the_start_brings_everything_and_removes_what_is_stale() {
        stage.inSource("""
                mkdir -p a/b/c empty/er 'spa ce'
                echo one >one; echo two >a/two; echo three >a/b/c/three; : >nothing
                chmod 600 one; chmod 755 a/two; chmod 700 a/b; chmod 2775 empty
                ln -s a/two link; ln -s nowhere dangling; ln -s a folder-link
                touch -m -d '2001-02-03 04:05:06.123456789' a/two
                touch -h -m -d '2002-03-04 05:06:07.987654321' link
                touch -m -d '2003-04-05 06:07:08.5' empty a
                # what is at the target as something else
                echo file >was-folder; mkdir was-file; echo in >was-file/in; ln -s one was-file-too; echo back >was-link
                """);
        stage.inTarget("""
                mkdir -p stale/folder/deep was-folder/with empty
                echo x >stale/folder/deep/file; echo x >stale-file; ln -s / stale-link; echo x >empty/stale
                echo x >was-folder/with/file; echo x >was-file; echo x >was-file-too; ln -s /etc was-link
                """);
        Dromedary dromedary = stage.configured().start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void the_start_sees_a_file_that_differs_by_less_than_a_second() {
        stage.inSource("echo new >file; touch -m -d '2001-02-03 04:05:06.2' file");
        stage.inTarget("echo old >file; touch -m -d '2001-02-03 04:05:06.1' file");
        Dromedary dromedary = stage.configured().start().awaitReady();

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_mirror_that_may_not_delete_keeps_what_is_at_the_target() {
        stage.inSource("echo 1 >here");
        stage.inTarget("echo 1 >only-there");
        Dromedary dromedary = stage.configured("mirror.t.delete = false").start().awaitReady();
        eventually("the first file", dromedary, () -> Tree.of(stage.target).has("here"));

        stage.inSource("rm here; echo 2 >next");
        eventually("the next file", dromedary, () -> Tree.of(stage.target).has("next"));

        assertThat(Tree.of(stage.target).has("only-there")).isTrue();
        assertThat(Tree.of(stage.target).has("here")).isTrue();
    }

    @Test
    void a_source_that_goes_away_leaves_the_target_alone() {
        stage.inSource("mkdir -p a/b; echo 1 >a/b/file; echo 2 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        Tree before = Tree.of(stage.target);

        Path elsewhere = stage.scratch.root().resolve("elsewhere");
        Sh.run(stage.scratch.root(), "mv source elsewhere");
        eventually("a source that is not watched is not ready", dromedary, () -> !dromedary.isReady());

        Tree.assertSame(before, Tree.of(stage.target));
        Tree.assertSame(before, Tree.of(elsewhere));
    }

    @Test
    void more_deletions_than_allowed_halt_the_mirror() {
        stage.inSource("for i in 1 2 3 4 5 6 7 8 9 10; do echo $i >$i; done");
        Dromedary dromedary = stage.configured("mirror.t.max-delete = 5").start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        int before = dromedary.output().length();
        stage.inSource("rm *");
        eventually("the output tells why", dromedary, () -> dromedary.output().substring(before)
                .contains("10 entries would be deleted, and max-delete = 5 allows no more"));

        assertThat(Tree.of(stage.target).size()).as("the folder itself and all files").isEqualTo(11);
    }

    @Test
    void what_went_astray_at_the_target_is_put_right_when_the_calendar_says_so() {
        stage.inSource("mkdir a; echo 1 >a/file; echo 1 >other");
        Dromedary dromedary = stage.configured("mirror.t.reconcile = 0/2 * * * * ?").start().awaitReady();
        eventuallySettled(stage, dromedary);
        stage.inTarget("rm -r a; echo 22 >other; echo 1 >stale");

        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void what_was_altered_at_the_target_without_a_trace_is_found_by_content() {
        stage.inSource("echo 1 >file; touch -d @1000000000 file");
        Dromedary dromedary = stage.configured("mirror.t.checksum-reconcile = 0/2 * * * * ?").start().awaitReady();
        eventuallySettled(stage, dromedary);
        stage.inTarget("echo 2 >file; touch -d @1000000000 file");

        eventuallySame(stage.source, stage.target, dromedary);
    }
}
