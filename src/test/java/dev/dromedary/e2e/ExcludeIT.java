package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class ExcludeIT {

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void what_is_excluded_is_neither_sent_nor_deleted() {
        stage.inSource("mkdir -p .git sub/.git; echo 1 >.git/HEAD; echo 1 >sub/.git/HEAD; echo 1 >a.swp; echo 1 >sub/keep");
        stage.inTarget("mkdir -p .git sub; echo 2 >.git/config; echo 2 >x.swp; echo 2 >sub/y.swp; echo 2 >stale");
        Dromedary dromedary = stage.configured("mirror.t.exclude = .git/, *.swp").start().awaitReady();
        eventually("the reconcile", dromedary, () -> there().has("sub/keep") && !there().has("stale"));
        assertUntouched();

        stage.inSource("echo 3 >.git/index; echo 3 >b.swp; mkdir new; echo 3 >new/c.swp; mkdir new/.git; echo 3 >new/.git/x");
        stage.inSource("echo 3 >new/file; rm a.swp; rm -r .git; echo 3 >last");
        eventually("the changes", dromedary, () -> there().has("new/file") && there().has("last"));
        assertUntouched();
        assertThat(there().has("b.swp")).isFalse();
        assertThat(there().has("new/c.swp")).isFalse();
        assertThat(there().has("new/.git")).isFalse();

        stage.inSource("mv b.swp included; mv last excluded.swp");
        eventually("names that change sides", dromedary, () -> there().has("included") && !there().has("last"));
        assertThat(there().has("excluded.swp")).isFalse();
        assertUntouched();
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void a_pattern_is_written_in_utf_8_whatever_the_locale(String locale) {
        stage.inSource("mkdir -p münchen/in; echo 1 >münchen/in/file; echo 1 >file");
        stage.inTarget("mkdir münchen; echo 2 >münchen/kept");
        Dromedary dromedary = stage.configured("mirror.t.exclude = münchen/").dromedary().environment("LC_ALL", locale)
                .start().awaitReady();
        eventually("the reconcile", dromedary, () -> dromedary.output().contains("in line with its source"));
        stage.inSource("echo 2 >münchen/in/file; echo 2 >last");
        eventually("the changes", dromedary, () -> there().has("file") && there().has("last"));
        assertThat(there().without(path -> !path.startsWith("münchen"))).hasToString("2 paths");
        assertThat(there().has("münchen/kept")).isTrue();
    }

    @Test
    void a_file_of_rules_comes_first_then_what_is_taken_in_then_what_is_left_out() throws IOException {
        Path rules = Files.writeString(stage.home.resolve("rules"), "# notes\n\n+ /logs/today.log\n- /logs/*.gz\n");
        stage.inSource("mkdir logs; echo 1 >logs/today.log; echo 1 >logs/old.gz; echo 1 >logs/other.log; echo 1 >kept.log");
        Dromedary dromedary = stage.configured("mirror.t.filter-from = " + rules, "mirror.t.include = kept.*, *.gz",
                "mirror.t.exclude = *.log").start().awaitReady();
        stage.inSource("echo 2 >new.log; echo 2 >new.gz; echo 2 >logs/new.gz; echo 2 >>logs/today.log; echo 2 >last");
        eventuallySame(Tree.of(stage.source).without(path -> Set.of("new.log", "logs/old.gz", "logs/new.gz", "logs/other.log")
                .contains(path.toString())), this::there, dromedary);
    }

    @Test
    void each_target_leaves_out_what_it_is_told_to() {
        Path local = stage.scratch.folder("local");
        List<String> lines = new ArrayList<>(Stage.quickTarget("b", local));
        lines.addAll(List.of("mirror.t.exclude = *.log", "mirror.t.target.b.exclude = *.tmp"));
        stage.inSource("echo 1 >a.log; echo 1 >a.tmp; echo 1 >a");
        Dromedary dromedary = stage.configured(lines.toArray(String[]::new)).start().awaitReady();
        stage.inSource("echo 2 >b.log; echo 2 >b.tmp; rm a; mkdir sub; echo 2 >sub/c.log; echo 2 >sub/c.tmp");
        Tree all = Tree.of(stage.source);
        eventuallySame(all.without(path -> path.toString().endsWith(".log")), this::there, dromedary);
        eventuallySame(all.without(path -> path.toString().endsWith(".tmp")), () -> Tree.of(local), dromedary);
    }

    private Tree there() {
        return Tree.of(stage.target);
    }

    private void assertUntouched() {
        assertThat(there().has(".git/config")).isTrue();
        assertThat(there().has("x.swp")).isTrue();
        assertThat(there().has("sub/y.swp")).isTrue();
        assertThat(there().has(".git/HEAD")).isFalse();
        assertThat(there().has("sub/.git")).isFalse();
        assertThat(there().has("a.swp")).isFalse();
    }
}
