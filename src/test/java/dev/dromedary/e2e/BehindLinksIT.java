package dev.dromedary.e2e;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Where rsync is told to copy what links lead to, a link to a folder arrives as the folder. */
class BehindLinksIT {

    @AutoClose
    private final Stage stage = new Stage();
    private final Path outside = stage.scratch.folder("outside");

    private Dromedary mirroring(String options) {
        Sh.run(outside, "mkdir -p deep/er; echo 1 >file; echo 1 >deep/er/file");
        Dromedary dromedary = stage.configured("mirror.t.rsync-options = " + options).start().awaitReady();
        eventually("in line", dromedary, () -> dromedary.output().contains("t/a: in line"));
        return dromedary;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-L", "--copy-links", "-zk", "--copy-unsafe-links"})
    void a_link_that_is_made_while_it_runs_arrives_with_what_is_in_the_folder(String options) {
        Dromedary dromedary = mirroring(options);
        stage.inSource("ln -s " + outside + " link; mkdir new; ln -s " + outside + " new/link");
        eventually("the folder", dromedary, () -> isFile("link/deep/er/file") && isFile("link/file"));
        eventually("one in a new folder", dromedary, () -> isFile("new/link/deep/er/file"));
        assertThat(Files.isSymbolicLink(stage.target.resolve("link"))).isFalse();

        stage.inSource("mv link moved; ln -sfn " + outside.resolve("deep") + " new/link");
        eventually("the folder by its new name", dromedary, () -> isFile("moved/deep/er/file") && !isThere("link"));
        eventually("what it leads to now", dromedary, () -> isFile("new/link/er/file") && !isThere("new/link/file"));
        stage.inSource("rm moved");
        eventually("gone", dromedary, () -> !isThere("moved"));
    }

    @Test
    void what_changes_behind_it_comes_with_a_reconcile() {
        Dromedary dromedary = mirroring("-L");
        stage.inSource("ln -s " + outside + " link");
        eventually("the folder", dromedary, () -> isFile("link/file"));
        Sh.run(outside, "echo 1 >later");
        stage.inSource("echo 1 >marker");
        eventually("what came after it", dromedary, () -> isFile("marker"));
        assertThat(isThere("link/later")).as("as docs/limits.md says").isFalse();

        assertThat(dromedary.post("/api/mirrors/t/targets/a/reconcile").statusCode()).isLessThan(300);
        eventually("what came with the reconcile", dromedary, () -> isFile("link/later"));
    }

    private boolean isFile(String path) {
        return Files.isRegularFile(stage.target.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isThere(String path) {
        return Files.exists(stage.target.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }
}
