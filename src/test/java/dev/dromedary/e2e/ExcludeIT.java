package dev.dromedary.e2e;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Tree;

import static dev.dromedary.testing.Mirrors.eventually;
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
