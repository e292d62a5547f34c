package dev.dromedary.pair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LockFolderFingerprintTest {

    @TempDir
    private Path dir;
    private Path folder;
    private Path state;

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectory(dir.resolve("pair"));
        state = Files.createDirectory(dir.resolve("state"));
    }

    @Test
    void the_same_folder_is_known_again() throws IOException {
        LockFolderFingerprint.at(folder, state).remember(state);

        assertThat(LockFolderFingerprint.at(folder, state).fault()).isNull();
        assertThat(LockFolderFingerprint.fault(folder, state)).isNull();
    }

    @Test
    void another_one_at_its_path_is_noticed_while_it_runs_and_at_the_next_start() throws IOException {
        LockFolderFingerprint running = LockFolderFingerprint.at(folder, state);
        running.remember(state);
        Files.move(folder, dir.resolve("moved"));
        assertThat(running.fault()).contains("can't be examined").contains("is its storage mounted?");
        assertThat(folder).doesNotExist();

        Files.createDirectory(folder);

        assertThat(running.fault()).contains("not the one that it was at the start");
        assertThatThrownBy(() -> LockFolderFingerprint.at(folder, state)).isInstanceOf(IOException.class)
                .hasMessageContaining("another folder than at the last start").hasMessageEndingWith("rm " + state.resolve("pair.json"));
        Files.delete(folder);
        Files.move(dir.resolve("moved"), folder);
        assertThat(running.fault()).isNull();
    }

    @Test
    void what_is_remembered_of_another_path_is_not_of_this_one() throws IOException {
        LockFolderFingerprint.at(folder, state).remember(state);

        assertThat(LockFolderFingerprint.fault(Files.createDirectory(dir.resolve("other")), state)).isNull();
    }

    @Test
    void one_that_is_missing_is_refused_with_the_command_that_makes_it() throws IOException {
        Files.delete(folder);

        assertThatThrownBy(() -> LockFolderFingerprint.at(folder, state)).hasMessageContaining("mkdir " + folder);
        assertThat(folder).doesNotExist();
    }
}
