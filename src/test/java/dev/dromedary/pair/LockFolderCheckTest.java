package dev.dromedary.pair;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LockFolderCheckTest {

    @TempDir
    private Path folder;

    @Test
    void a_folder_with_locks_is_right_and_stays_as_it_was() throws IOException {
        LockFolderCheck.check(folder);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void the_lock_of_a_leader_is_left_alone() throws IOException {
        Path file = folder.resolve("dromedary");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            LockFolderCheck.check(folder);

            assertThat(lock.isValid()).isTrue();
            assertThat(Files.list(folder)).containsExactly(file);
        }
    }

    @Test
    void a_folder_that_is_gone_is_refused_with_the_way_out() {
        Path gone = folder.resolve("gone");

        assertThatThrownBy(() -> LockFolderCheck.check(gone)).isInstanceOf(IOException.class)
                .hasMessageStartingWith("dromedary.pair = " + gone + ": no file can be locked there (")
                .hasMessageEndingWith("name a folder on a file system that has locks and that both processes may write to");
    }
}
