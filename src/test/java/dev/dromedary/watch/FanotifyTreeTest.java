package dev.dromedary.watch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import dev.dromedary.filter.FilterRules;
import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Events that the kernel has merged, or that come under a name that is another one's by now. */
class FanotifyTreeTest {

    @TempDir
    private Path scratch;
    private Path source;
    @AutoClose
    private FanotifyTree tree;

    @BeforeEach
    void watch() throws IOException {
        source = Files.createDirectory(scratch.toRealPath().resolve("source"));
        assumeTrue(FanotifyProbe.fault(source).isEmpty(), "fanotify is not to be had here");
        tree = FanotifyTree.open(source, FilterRules.of(java.util.List.of("- left-out/")), 1000, Set::of);
        tree.watchAll();
    }

    /** What is known of a source is forgotten when it was removed, as that needs it to be empty: then any folder may take its place. */
    @Test
    void another_folder_of_its_name_that_has_gone_is_not_the_source() {
        Sh.run(scratch, "mv source old; mkdir source; rmdir source");
        read();

        assertThat(tree.rootGone()).isTrue();
        assertThat(tree.rootRemoved()).isFalse();
    }

    @Test
    void a_source_that_was_removed_is_known_as_such() {
        Sh.run(scratch, "rmdir source");
        read();

        assertThat(tree.rootGone()).isTrue();
        assertThat(tree.rootRemoved()).isTrue();
    }

    @Test
    void an_empty_source_that_another_folder_has_replaced_is_gone() {
        Sh.run(scratch, "mkdir other; mv -T other source");
        read();

        assertThat(tree.rootGone()).isTrue();
        assertThat(tree.rootRemoved()).isFalse();
    }

    @Test
    void what_is_written_after_its_first_name_is_gone_is_owed_under_the_other() throws IOException {
        Path first = source.resolve("first");
        try (OutputStream file = Files.newOutputStream(first)) {
            Files.createLink(source.resolve("second"), first);
            Files.delete(first);
            read();
            file.write(1);
        }

        assertPending(read(), "second");
    }

    @Test
    void a_file_that_was_written_and_removed_is_known_as_written() {
        Sh.run(source, "echo 1 >a; ln a b");
        read();
        tree.takeTouched();
        Sh.run(source, "truncate -s 100 a; rm a");
        read();

        assertThat(tree.takeTouched()).containsEntry("a", Extent.ENTRY);
    }

    @Test
    void a_folder_that_comes_out_of_what_is_left_out_is_owed_with_all_in_it() {
        Sh.run(source, "mkdir -p left-out/a/b; echo 1 >left-out/a/b/file");
        assertThat(read().isEmpty()).isTrue();

        Sh.run(source, "mv left-out/a a; echo 2 >a/b/file");
        ChangeSet pending = read();
        assertPending(pending, "a");
        assertPending(pending, "a/b");

        Sh.run(source, "echo 3 >a/b/later");
        assertPending(read(), "a/b/later");
        Sh.run(source, "mv a left-out/; echo 4 >left-out/a/b/file");
        pending = read();
        assertPending(pending, "a");
        assertThat(pending.pendingAt("left-out/a/b/file").isEmpty()).isTrue();
    }

    /** A pipe without a writer would have held up the watch for ever, where the file system does not say what an entry is. */
    @Test
    void a_folder_with_a_pipe_in_it_is_gone_through() {
        Sh.run(scratch, "mkdir -p came/in; mkfifo came/pipe came/in/pipe; mv came source/");

        assertPending(read(), "came/in");
    }

    private ChangeSet read() {
        while (tree.read() > 0) {
            // until the kernel has no more
        }
        return tree.takePending();
    }

    private static void assertPending(ChangeSet pending, String path) {
        assertThat(pending.pendingAt(path).isEmpty()).as(path + " is not owed").isFalse();
    }
}
