package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

import dev.dromedary.change.ChangeSet;
import dev.dromedary.change.Extent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DeletionBudgetTest {

    @TempDir
    private Path folder;
    private final ChangeSet listed = new ChangeSet();

    @BeforeEach
    void tree() throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        for (String file : new String[] {"one", "two", "a/three", "a/b/four"}) {
            Files.createFile(folder.resolve(file));
        }
    }

    @Test
    void a_file_or_what_is_gone_may_be_deleted_with_all_that_it_is_here() {
        listed.add("one", Extent.LEAF);
        listed.add("two", Extent.ATTRIBUTES);
        listed.add("new", Extent.LEAF);
        assertThat(budget(false)).hasValue(2);

        listed.add("a", Extent.LEAF);
        assertThat(budget(false)).as("a, b, three and four").hasValue(6);
    }

    @Test
    void a_folder_that_is_there_may_not_be_deleted() {
        listed.add("a", Extent.ENTRY);
        assertThat(budget(false)).hasValue(0);
    }

    @Test
    void of_whole_folders_only_a_count_tells() {
        listed.add("one", Extent.LEAF);
        listed.add("a", Extent.LEVEL);
        assertThat(budget(false)).isEmpty();
    }

    @Test
    void where_runs_are_kept_ready_there_are_few_different_budgets() {
        assertThat(budget(true)).hasValue(1);
        listed.add("one", Extent.LEAF);
        listed.add("two", Extent.LEAF);
        assertThat(budget(true)).hasValue(16);
    }

    private OptionalLong budget(boolean rounded) {
        return DeletionBudget.of(listed, folder, rounded);
    }
}
