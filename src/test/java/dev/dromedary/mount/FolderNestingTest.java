package dev.dromedary.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class FolderNestingTest {

    @TempDir
    private Path dir;

    @Test
    void a_folder_holds_itself_and_what_lies_in_it_there_or_not() throws IOException {
        Path outer = Files.createDirectory(dir.resolve("outer"));
        FolderNesting now = FolderNesting.now();
        assertThat(now.holds(outer, outer)).isTrue();
        assertThat(now.holds(outer, outer.resolve("not/there"))).isTrue();
        assertThat(now.holds(outer.resolve("not"), outer)).isFalse();
        assertThat(now.holds(outer, dir.resolve("outer-too"))).isFalse();
        assertThat(now.meet(outer.resolve("in"), outer)).isTrue();
    }

    @Test
    void by_whatever_links() throws IOException {
        Path outer = Files.createDirectories(dir.resolve("outer/in")).getParent();
        Path link = Files.createSymbolicLink(dir.resolve("link"), outer.resolve("in"));
        assertThat(FolderNesting.now().holds(outer, link.resolve("more"))).isTrue();
        assertThat(FolderNesting.now().holds(link, outer)).isFalse();
    }
}
