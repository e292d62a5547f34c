package dev.dromedary.rsync;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DryRunDeletionCounterTest {

    @Test
    void each_entry_is_named() throws IOException {
        DryRunDeletionCounter counter = counted("deleting a/b/c\ndeleting a/b/\ndeleting a/d\ndeleting a/\ndeleting ab\ndeleting e\\#303\\#251/f\n"
                + "Number of files: 7 (reg: 5, dir: 2)\nNumber of deleted files: 6 (reg: 4, dir: 2)\n");
        assertThat(counter.names()).containsExactly("a/b/c", "a/b", "a/d", "a", "ab", "e\u00c3\u00a9/f");
        assertThat(counter.deletions()).isEqualTo(6);
        assertThat(counter.files()).isEqualTo(7);
    }

    /** Receivers before 3.2.8 report no number in a dry run, and those before 3.1 no names. */
    @Test
    void a_receiver_that_reports_nothing_is_not_taken_for_one_that_deletes_nothing() throws IOException {
        assertThat(counted("deleting a\nNumber of deleted files: 0\n").deletions()).isEqualTo(1);
        assertThat(counted("Number of files: 7\n").deletions()).isEqualTo(-1);
        assertThat(counted("Number of deleted files: 0\n").deletions()).isZero();
    }

    @Test
    void all_are_counted_if_there_are_more_than_can_be_named() throws IOException {
        int many = 3 * DryRunDeletionCounter.MOST_NAMES;
        DryRunDeletionCounter flat = counted("deleting z\n" + names(many));
        assertThat(flat.deletions()).isEqualTo(many + 1);
        assertThat(flat.names()).hasSize(DryRunDeletionCounter.MOST_NAMES);

        DryRunDeletionCounter folder = counted("deleting z\n" + names(many) + "deleting d/\ndeleting e\n");
        assertThat(folder.deletions()).isEqualTo(many + 3);
        assertThat(folder.names()).hasSize(DryRunDeletionCounter.MOST_NAMES + 1).startsWith("z").endsWith("d").as("nothing in a folder that may not go itself goes");
    }

    private static String names(int many) {
        return IntStream.range(0, many).mapToObj(i -> "deleting d/a-file-with-quite-a-long-name-" + i + '\n').collect(Collectors.joining());
    }

    static DryRunDeletionCounter counted(String output) throws IOException {
        DryRunDeletionCounter counter = new DryRunDeletionCounter();
        counter.read(new ByteArrayInputStream(output.getBytes(StandardCharsets.UTF_8)));
        return counter;
    }
}
