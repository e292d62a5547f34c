package dev.dromedary.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;

class ManyFilesIT {

    private static final int MANY = 20_000;

    @AutoClose
    private final Stage stage = new Stage();

    @Test
    void twenty_thousand_files_in_one_folder_arrive_and_go() throws IOException {
        Dromedary dromedary = stage.configured().start().awaitReady();
        Path folder = Files.createDirectory(stage.source.resolve("folder"));
        for (int i = 0; i < MANY; i++) {
            Files.writeString(folder.resolve("file-" + i), Integer.toString(i));
        }
        eventuallySame(stage.source, stage.target, dromedary);
        // not at once: while files are replaced, a folder's list may miss some (readdir(3))
        eventually("all of them", dromedary, () -> Tree.of(stage.target).size() == MANY + 2);

        for (int i = 0; i < MANY; i += 2) {
            Files.delete(folder.resolve("file-" + i));
        }
        eventuallySame(stage.source, stage.target, dromedary);
        eventually("the other half", dromedary, () -> Tree.of(stage.target).size() == MANY / 2 + 2);
    }

    @Test
    void a_tree_of_many_folders_arrives() throws IOException {
        Dromedary dromedary = stage.configured().start().awaitReady();
        for (int i = 0; i < 2_000; i++) {
            Path folder = Files.createDirectories(stage.source.resolve(i % 10 + "/" + i % 100 + "/" + i));
            Files.writeString(folder.resolve("file"), Integer.toString(i));
        }
        eventuallySame(stage.source, stage.target, dromedary);
    }
}
