package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import com.sun.jna.Platform;
import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Move;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What is read of the kernel only when all of it has happened, as on a busy machine. */
@ParameterizedClass
@EnumSource(names = {"INOTIFY", "FANOTIFY"})
class TreeWatchTest {

    @TempDir
    private Path source;

    @Parameter
    private WatchMethod by;
    @AutoClose
    private TreeWatch tree;

    @BeforeAll
    static void onlyOnLinux() {
        assumeTrue(Platform.isLinux() && Platform.is64Bit(), "inotify is Linux's");
    }

    @BeforeEach
    void watch() throws IOException {
        Sh.run(source, "mkdir -p old/deep/er other; echo 1 >old/deep/file");
        source = source.toRealPath();
        tree = new WatchMethodChooser(by, 1000).open(source, FilterRules.NONE, Set::of);
        tree.watchAll();
        assertThat(tree.by()).isEqualToIgnoringCase(by.name());
    }

    private ChangeSet changesAfter(String script) {
        Sh.run(source, script);
        while (tree.read() > 0) {
            // until the kernel has no more
        }
        return tree.takePending();
    }

    @Test
    void a_folder_that_was_moved_is_known_as_moved() {
        assertMoved(changesAfter("mv old other/new"), "old", "other/new");
    }

    @Test
    void a_folder_that_was_moved_into_one_made_a_moment_ago_is_known_as_moved() {
        assertMoved(changesAfter("mkdir -p further/down; mv old further/down/new"), "old", "further/down/new");

        // and is watched there
        assertPending(changesAfter("echo 2 >further/down/new/deep/er/file"), "further/down/new/deep/er/file");
    }

    @Test
    void what_was_made_anew_under_the_old_name_is_watched_too() {
        ChangeSet pending = changesAfter("mkdir further; mv old further/new; mkdir -p old/deep; echo 2 >old/deep/file");

        assertMoved(pending, "old", "further/new");
        ChangeSet later = changesAfter("echo 3 >old/deep/later; echo 3 >further/new/deep/later");
        assertPending(later, "old/deep/later");
        assertPending(later, "further/new/deep/later");
    }

    @Test
    void two_that_lie_in_each_other_the_other_way_round_are_both_watched() {
        changesAfter("mkdir tmp; mv old/deep tmp/deep; mv old tmp/deep/old; mv tmp/deep deep");

        ChangeSet later = changesAfter("echo 2 >deep/old/file; echo 2 >deep/er/file");
        assertPending(later, "deep/old/file");
        assertPending(later, "deep/er/file");
    }

    /** As deep as rsync takes a path. It took minutes, in which nothing else was heard. */
    @Test
    @Timeout(60)
    void a_chain_of_two_thousand_folders_holds_up_nothing() {
        try {
            ChangeSet pending = changesAfter("i=0; while [ $i -lt 1900 ]; do mkdir d; cd d; i=$((i + 1)); done; echo 1 >file");

            assertThat(tree.watched()).isGreaterThan(by == WatchMethod.INOTIFY ? 1900 : 0);
            assertPending(pending, "d");
            assertPending(changesAfter("echo 2 >old/deep/file"), "old/deep/file");
        } finally {
            // for which JUnit would take a minute
            Sh.run(source, "rm -rf d");
        }
    }

    private static void assertMoved(ChangeSet pending, String from, String to) {
        assertThat(pending.moves()).extracting(Move::from).containsExactly(from);
        assertThat(pending.moves()).extracting(Move::to).containsExactly(to);
        // whatever becomes of the move, the ordinary way has all of it
        ChangeSet entries = pending.moves().get(0).entries();
        for (String path : List.of(from, to, to + "/deep", to + "/deep/er")) {
            assertPending(entries, path);
        }
    }

    private static void assertPending(ChangeSet pending, String path) {
        assertThat(pending.pendingAt(path).isEmpty()).as(path + " is not owed").isFalse();
    }
}
