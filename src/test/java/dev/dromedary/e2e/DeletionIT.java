package dev.dromedary.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** lsyncd's four ways to delete. */
class DeletionIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void live_deletes_what_goes_while_it_runs_and_nothing_else() {
        Dromedary dromedary = mirroring("live");
        assertThat(Tree.of(stage.target).has("stale")).isTrue();

        stage.inSource("rm file; rm -r folder; echo 2 >other");
        eventually("it is gone", dromedary, () -> has("other") && !has("file") && !has("folder"));
        assertThat(has("stale")).isTrue();
    }

    @Test
    void reconcile_deletes_only_when_whole_trees_are_compared() {
        Dromedary dromedary = mirroring("reconcile");
        assertThat(has("stale")).isFalse();

        stage.inSource("rm file; rm -r folder");
        stage.inSource("echo 2 >other");
        eventually("the other change", dromedary, () -> has("other"));
        assertThat(has("file") && has("folder/file")).isTrue();
        dromedary.terminate();

        eventuallySame(stage.source, stage.target, stage.start().awaitReady());
    }

    @Test
    void false_deletes_nothing() {
        Dromedary dromedary = mirroring("false");
        stage.inSource("rm file; rm -r folder");
        stage.inSource("echo 2 >other");
        eventually("the other change", dromedary, () -> has("other"));
        assertThat(has("stale") && has("file") && has("folder/file")).isTrue();
    }

    @Test
    void each_target_deletes_as_it_is_told_to() {
        Path local = stage.scratch.folder("local");
        List<String> lines = new ArrayList<>(Stage.quickTarget("b", local));
        lines.addAll(List.of("mirror.t.delete = true", "mirror.t.target.b.delete = false"));
        stage.inSource("echo 1 >file");
        stage.inTarget("echo 1 >stale");
        Sh.run(local, "echo 1 >stale");
        Dromedary dromedary = stage.configured(lines.toArray(String[]::new)).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the other", dromedary, () -> Tree.of(local).has("file"));

        stage.inSource("rm file; echo 2 >other");
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the other", dromedary, () -> Tree.of(local).has("other"));
        assertThat(Tree.of(local).has("file") && Tree.of(local).has("stale")).isTrue();
    }

    private Dromedary mirroring(String delete) {
        stage.inSource("mkdir folder; echo 1 >folder/file; echo 1 >file; echo 1 >last");
        stage.inTarget("echo 1 >stale");
        Dromedary dromedary = stage.configured("mirror.t.delete = " + delete).start().awaitReady();
        eventually("the reconcile", dromedary, () -> dromedary.output().contains("in line with its source"));
        return dromedary;
    }

    private boolean has(String path) {
        return Tree.of(stage.target).has(path);
    }
}
