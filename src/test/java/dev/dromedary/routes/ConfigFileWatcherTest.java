package dev.dromedary.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigFileWatcherTest {

    @TempDir
    private Path folder;
    private Path file;
    private ConfigFileWatcher watch;

    @BeforeEach
    void a_file() throws IOException {
        file = Files.writeString(folder.resolve("application.properties"), "one");
        watch = new ConfigFileWatcher(file);
    }

    private void assertThatItIsSeenOnceAtRest() {
        assertThat(watch.hasChanged()).as("it may still be written to").isFalse();
        assertThat(watch.hasChanged()).isTrue();
        assertThat(watch.hasChanged()).isFalse();
    }

    @Test
    void nothing_is_no_change() {
        assertThat(watch.hasChanged()).isFalse();
        assertThat(watch.hasChanged()).isFalse();
    }

    @Test
    void what_is_written_is_seen_when_it_rests() throws IOException {
        Files.writeString(file, "another");

        assertThatItIsSeenOnceAtRest();
    }

    @Test
    void a_file_that_is_written_to_goes_on_being_waited_for() throws IOException {
        Files.writeString(file, "ano");
        assertThat(watch.hasChanged()).isFalse();
        Files.writeString(file, "another");

        assertThatItIsSeenOnceAtRest();
    }

    @Test
    void one_that_was_put_in_its_place_is_seen() throws IOException {
        Path beside = Files.writeString(folder.resolve("beside"), "two");
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);

        assertThatItIsSeenOnceAtRest();
    }

    @Test
    void one_that_is_gone_for_a_while_is_seen_when_it_is_back() throws IOException {
        Files.delete(file);
        assertThat(watch.hasChanged()).isFalse();
        assertThat(watch.hasChanged()).isFalse();
        Files.writeString(file, "three");

        assertThatItIsSeenOnceAtRest();
    }

    @Test
    void a_link_above_it_that_leads_elsewhere_is_seen() throws IOException {
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        Files.writeString(Files.createDirectory(mounted.resolve("..first")).resolve("a.properties"), "one");
        Files.writeString(Files.createDirectory(mounted.resolve("..second")).resolve("a.properties"), "two");
        Files.createSymbolicLink(mounted.resolve("..data"), Path.of("..first"));
        watch = new ConfigFileWatcher(Files.createSymbolicLink(mounted.resolve("a.properties"), Path.of("..data/a.properties")));

        Path beside = Files.createSymbolicLink(mounted.resolve("..data_tmp"), Path.of("..second"));
        Files.move(beside, mounted.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThatItIsSeenOnceAtRest();
    }
}
