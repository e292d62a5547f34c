package dev.dromedary.rsync;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import dev.dromedary.source.SourceGoneException;
import dev.dromedary.source.SourceGuard;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.exec.ExecCommand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SourceStartGuardTest {

    @TempDir
    private Path dir;
    private Path source;
    private SourceGuard guard;
    private Process process;

    @BeforeEach
    void start() throws IOException {
        source = Files.createDirectory(dir.resolve("source"));
        Files.createFile(source.resolve("file"));
        guard = new SourceGuard(source, null);
        guard.remember();
        process = new ProcessBuilder("cat").directory(source.toFile()).start();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void a_process_that_stands_in_the_source_may_go_on() {
        assertThatCode(() -> new SourceStartGuard(guard).check(process, in(source))).doesNotThrowAnyException();
    }

    @Test
    void one_whose_source_has_gone_may_not() throws IOException {
        Files.move(source, dir.resolve("elsewhere"));
        Files.createDirectory(source);

        assertThatThrownBy(() -> new SourceStartGuard(guard).check(process, in(source))).isInstanceOf(SourceGoneException.class);
    }

    /** As one that was started while the disk was unmounted for a moment. */
    @Test
    void one_that_stands_in_another_folder_may_not_though_the_source_is_back() throws IOException {
        Files.move(source, dir.resolve("elsewhere"));
        Files.createDirectory(source);
        Process other = new ProcessBuilder("cat").directory(source.toFile()).start();
        try {
            Files.delete(source);
            Files.move(dir.resolve("elsewhere"), source);

            assertThatThrownBy(() -> new SourceStartGuard(guard).check(other, in(source))).isInstanceOf(SourceGoneException.class)
                    .hasMessageContaining("replaced by another folder while rsync was started");
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void a_command_that_is_not_about_the_source_is_not_checked() throws IOException {
        Files.move(source, dir.resolve("elsewhere"));

        assertThatCode(() -> new SourceStartGuard(guard).check(process, in(dir))).doesNotThrowAnyException();
    }

    private static ExecCommand in(Path folder) {
        return new ExecCommand("cat", List.of(), folder.toString(), 1000L, Set.of(), null, null, false, LoggingLevel.OFF);
    }
}
