package dev.dromedary.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import dev.dromedary.change.RawPath;
import dev.dromedary.testing.Scratch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class LeafFolderOptimizationTest {

    @AutoClose
    private final Scratch scratch = Scratch.create();
    private final Path source = scratch.folder("source");

    @Test
    void a_folder_with_nothing_but_files_and_links_is_not_listed_where_folders_are_counted() throws IOException {
        assumeTrue(Set.of("tmpfs", "ext4", "xfs").contains(Files.getFileStore(source).type()));
        Path folder = Files.createDirectory(source.resolve("a"));
        Files.writeString(folder.resolve("file"), "x");
        Files.createSymbolicLink(folder.resolve("link"), source);
        assertFalse(mayBeIn(source, "a"));
    }

    @Test
    void a_folder_with_a_folder_is_listed() throws IOException {
        Files.createDirectories(source.resolve("a/b"));
        assertTrue(mayBeIn(source, "a"));
    }

    @Test
    void a_folder_of_another_file_system_is_listed() {
        // below it are the folders that the kernel counts in its own way
        assertTrue(mayBeIn(Path.of("/"), "proc/self/net"));
    }

    @Test
    void every_folder_is_listed_where_links_may_say_nothing() {
        assertTrue(mayBeIn(Path.of("/proc"), "self/fd"));
    }

    @Test
    void a_folder_that_is_gone_is_left_to_the_listing() {
        assertTrue(mayBeIn(source, "gone"));
    }

    private static boolean mayBeIn(Path source, String path) {
        return LeafFolderOptimization.of(source).mayBeIn(LibC.cString(RawPath.of(source.resolve(path))));
    }
}
