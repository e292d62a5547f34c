package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Relay;
import dev.dromedary.testing.Sh;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

/** What is larger than large-file goes by itself, beside all else. */
class LargeFilesIT {

    private static final int SIZE = 8_000_000;
    private static final String LARGE = "head -c " + SIZE + " /dev/urandom >";
    private static final String LARGE_FROM = "mirror.t.large-file = 1m";

    @AutoClose
    private final Stage stage = new Stage();
    private final Path holding = stage.target.resolve(".~dromedary~");
    // what brings a large file is held up on its way, and what brings small ones never
    private final Relay relay = Relay.holdingAfter(SIZE / 2, stage.daemon, stage.scratch);

    @Test
    void it_holds_up_neither_a_change_nor_what_lies_behind_it_in_the_tree() {
        stage.inSource(LARGE + "a-large; mkdir z; echo 1 >z/small");
        Dromedary dromedary = byRelay().start().awaitReady();
        eventually("the large file on its way", dromedary, () -> relay.held() == 1 && Files.isDirectory(holding));
        eventually("the rest of the tree", dromedary, () -> Tree.of(stage.target).has("z/small"));
        assertThat(stage.target.resolve("a-large")).doesNotExist();
        stage.inSource("echo 2 >z/small; echo 2 >a-new");
        eventually("the changes", dromedary, () -> Tree.of(stage.target).has("a-new")
                && Files.readString(stage.target.resolve("z/small")).equals("2\n"));
        assertThat(stage.target.resolve("a-large")).doesNotExist();

        relay.open();
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(holding).doesNotExist();
    }

    @Test
    void they_do_not_take_all_the_runs_that_there_may_be() throws IOException {
        Path other = stage.scratch.folder("other");
        stage.daemon.reconfigure(text -> text + "[other]\npath = " + other + "\nread only = no\n");
        List<String> lines = new ArrayList<>(Stage.quickTarget("b", relay.url("other")));
        lines.add("dromedary.max-runs = 2");
        Dromedary dromedary = byRelay(lines.toArray(String[]::new)).start().awaitReady();
        eventually("both in line", dromedary, () -> dromedary.output().contains("t/a: in line")
                && dromedary.output().contains("t/b: in line"));
        stage.inSource(LARGE + "large");
        eventually("it is on its way", dromedary, () -> relay.held() == 1);
        stage.inSource("echo 1 >small");
        eventually("the small one at both", dromedary, () -> Tree.of(stage.target).has("small") && Tree.of(other).has("small"));
        assertThat(relay.held()).isEqualTo(1);
        assertThat(Files.getPosixFilePermissions(stage.target)).as("who may read the target meanwhile")
                .isEqualTo(Files.getPosixFilePermissions(stage.source));
        assertThat(Tree.of(stage.target).has("large") || Tree.of(other).has("large")).isFalse();
        relay.open();
        eventuallySame(stage.source, stage.target, dromedary);
        eventuallySame(stage.source, other, dromedary);
    }

    @Test
    void one_that_is_interrupted_goes_on_where_it_stopped() throws IOException {
        Dromedary dromedary = byRelay().start().awaitReady();
        stage.inSource(LARGE + "large");
        eventually("a part of it", dromedary, () -> relay.held() == 1 && arrived() > SIZE / 8);
        dromedary.terminate();
        relay.close();
        assertThat(stage.target.resolve("large")).doesNotExist();
        eventually("what has arrived so far", dromedary, () -> Files.isRegularFile(holding.resolve("large")));
        long before = stage.daemon.received();

        Dromedary again = stage.configured(LARGE_FROM).start().awaitReady();
        eventuallySame(stage.source, stage.target, again);
        assertThat(holding).doesNotExist();
        // a run that was cut off is not counted by the daemon
        assertThat(stage.daemon.received() - before).isLessThan(SIZE - SIZE / 16);
    }

    @Test
    void a_reconcile_beside_it_does_it_no_harm() {
        stage.inSource("mkdir folder; echo 1 >folder/small");
        Dromedary dromedary = byRelay("mirror.t.reconcile = * * * * * ?").start().awaitReady();
        stage.inSource(LARGE + "folder/large");
        eventually("it is on its way", dromedary, () -> relay.held() == 1);
        long before = stage.daemon.connections();
        eventually("three reconciles", dromedary, () -> stage.daemon.connections() > before + 2);
        relay.open();
        // each of the reconciles asks for the large file, too, so the target's top folder is never at rest
        eventually("the large file", dromedary, () -> Tree.of(stage.source.resolve("folder"))
                .equals(Tree.of(stage.target.resolve("folder"))));
        assertThat(stage.daemon.received()).isLessThan(SIZE + SIZE / 4);
    }

    @Test
    void what_becomes_of_it_on_its_way_becomes_of_it_at_the_target() {
        Dromedary dromedary = byRelay().start().awaitReady();
        stage.inSource(LARGE + "gone; " + LARGE + "small; " + LARGE + "other; " + LARGE + "folder");
        eventually("the first on its way", dromedary, () -> relay.held() == 1);
        stage.inSource("rm gone folder; echo 1 >new; mv new small; mkdir folder; echo 1 >folder/file; echo 1 >>other");
        relay.open();
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(holding).doesNotExist();
    }

    @Test
    void one_that_is_the_same_is_not_sent_again_by_a_reconcile() {
        stage.inSource(LARGE + "large");
        Dromedary first = stage.configured(LARGE_FROM).start().awaitReady();
        eventuallySame(stage.source, stage.target, first);
        first.terminate();
        long received = stage.daemon.received();
        Dromedary dromedary = stage.start().awaitReady();
        eventually("in line", dromedary, () -> dromedary.output().contains("t/a: in line"));
        stage.inSource("chmod 600 large; echo 1 >small");
        eventuallySame(stage.source, stage.target, dromedary);
        dromedary.terminate();
        assertThat(stage.daemon.received() - received).isLessThan(SIZE / 10);
    }

    @Test
    void once_brings_it_and_leaves_nothing_behind() {
        stage.inSource(LARGE + "large; echo 1 >small");
        assertThat(stage.configured(LARGE_FROM).dromedary().start("once").awaitExit()).isZero();
        Tree.assertSame(stage.source, stage.target);
    }

    @Test
    void a_folder_of_the_name_that_is_used_at_targets_is_not_mirrored() {
        stage.inSource("mkdir .~dromedary~; echo 1 >.~dromedary~/file; echo 1 >small");
        Dromedary dromedary = stage.configured(LARGE_FROM).start().awaitReady();
        eventuallySame(Tree.of(stage.source).without(".~dromedary~"), () -> Tree.of(stage.target), dromedary);
    }

    private Dromedary.Builder byRelay(String... more) {
        List<String> lines = new ArrayList<>(List.of("mirror.t.source = " + stage.source, LARGE_FROM));
        lines.addAll(Stage.quickTarget("a", relay.url("m")));
        lines.addAll(List.of(more));
        return stage.configuredOnlyWith(lines.toArray(String[]::new)).dromedary();
    }

    private long arrived() {
        String size = Sh.run(stage.target, "du -sb . | cut -f1").strip();
        return Long.parseLong(size);
    }
}
