package dev.dromedary.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the state folder remembers of a source, from one start to the next. */
class SourceGuardTest {

    @TempDir
    private Path dir;
    private Path source;
    private Path memory;

    @BeforeEach
    void make() throws IOException {
        source = Files.createDirectory(dir.resolve("www"));
        Files.createFile(source.resolve("file"));
        memory = SourceGuard.file(dir.resolve("state"), "www");
        Files.createDirectories(memory.getParent());
    }

    @Test
    void what_is_remembered_has_a_version_and_is_known_again() throws IOException {
        new SourceGuard(source, memory).remember();

        assertThat(memory).content().contains("\"version\":1");
        assertThat(new SourceGuard(source, memory).fault()).isEmpty();
        Files.delete(source.resolve("file"));
        assertThat(new SourceGuard(source, memory).fault()).hasValueSatisfying(fault -> assertThat(fault).contains("is empty"));
    }

    @Test
    void what_a_version_before_has_written_is_taken() throws IOException {
        new SourceGuard(source, memory).remember();
        Files.writeString(memory, Files.readString(memory).replaceFirst("\"version\":1,?", ""));
        assertThat(memory).content().doesNotContain("version");

        assertThat(new SourceGuard(source, memory).fault()).isEmpty();
        Files.delete(source.resolve("file"));
        assertThat(new SourceGuard(source, memory).fault()).hasValueSatisfying(fault -> assertThat(fault).contains("is empty"));
    }

    /** It was seen, and nobody knows what it was: so no folder is the right one, whatever is in it. */
    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "null", "{\"version\":1}", "VERSION 2", "VERSION \"1.5\"", "VERSION null", "CUT", "DEVICE", "NAMES"})
    void what_can_not_be_used_is_said_and_halts_until_a_person_has_looked(String content) throws IOException {
        new SourceGuard(source, memory).remember();
        String good = Files.readString(memory);
        String bad = content.startsWith("VERSION ") ? good.replace("\"version\":1", "\"version\":" + content.substring(8))
                : content.equals("CUT") ? good.substring(0, good.length() / 2)
                : content.equals("DEVICE") ? good.replaceFirst("\"device\":\\d+", "\"device\":\"x\"")
                : content.equals("NAMES") ? good.replaceFirst("\\[.*]", "[null]") : content;
        Files.writeString(memory, bad);

        SourceGuard root = new SourceGuard(source, memory);
        assertThat(root.fault()).hasValueSatisfying(fault -> assertThat(fault).contains("may be another folder")
                .contains(content.startsWith("VERSION") ? "it is of version " : "it is damaged").contains("remove " + memory));
        assertThat(SourceGuard.isRemembered(dir.resolve("state"), "www", source)).as("waited for, should it be missing").isTrue();
        root.remember();
        root.wasRemoved();
        assertThat(memory).as("not made good by itself").hasContent(bad);

        Files.delete(memory);
        assertThat(new SourceGuard(source, memory).fault()).isEmpty();
    }

    @Test
    void what_can_not_be_read_halts_too() throws IOException {
        Files.createDirectory(memory);

        assertThat(new SourceGuard(source, memory).fault()).hasValueSatisfying(fault -> assertThat(fault).contains("can't be used"));
    }

    /** The top folder of every tmpfs has the number 1, that of every ext4 2. */
    @Test
    void another_disk_in_its_place_is_not_taken_for_it() throws IOException {
        mount("mkdir -p kept; echo 1 >kept/file; echo 1 >index");
        SourceGuard running = new SourceGuard(source, memory);
        running.remember();
        Object inode = Files.getAttribute(source, "unix:ino");
        umount();
        mount("mkdir -p other; echo 2 >stranger");
        assertThat(Files.getAttribute(source, "unix:ino")).isEqualTo(inode);

        running.wasLost();
        assertThat(running.fault()).hasValueSatisfying(fault -> assertThat(fault).contains("another folder than it was"));
        assertThat(new SourceGuard(source, memory).fault()).hasValueSatisfying(fault -> assertThat(fault).contains("another folder"));

        umount();
        mount("mkdir -p kept; echo 3 >index");
        assertThat(running.fault()).as("one restored from a backup").isEmpty();
        assertThat(new SourceGuard(source, memory).fault()).isEmpty();
    }

    @Test
    void other_names_in_the_same_folder_are_what_somebody_did_while_the_program_was_down() throws IOException {
        new SourceGuard(source, memory).remember();
        Files.move(source.resolve("file"), source.resolve("renamed"));

        assertThat(new SourceGuard(source, memory).fault()).isEmpty();
    }

    private void mount(String script) {
        try {
            Sh.run(dir, "mount -t tmpfs -o size=1m tmpfs www");
        } catch (AssertionError e) {
            Assumptions.abort("no file system may be mounted here");
        }
        Sh.run(source, script);
    }

    private void umount() {
        Sh.run(dir, "umount www");
    }

    @AfterEach
    void leaveNoMount() {
        Sh.run(dir, "umount -l www 2>/dev/null || :");
    }

    @Test
    void what_is_remembered_of_another_path_is_not_of_this_one() throws IOException {
        new SourceGuard(source, memory).remember();
        Path other = Files.createDirectory(dir.resolve("other"));

        assertThat(new SourceGuard(other, memory).fault()).isEmpty();
    }
}
