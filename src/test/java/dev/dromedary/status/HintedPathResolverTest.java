package dev.dromedary.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HintedPathResolverTest {

    @TempDir
    private Path dir;
    private Path source;
    private HintedPathResolver paths;

    @BeforeEach
    void source() throws IOException {
        dir = dir.toRealPath();
        source = Files.createDirectories(dir.resolve("real/source"));
        Files.createSymbolicLink(dir.resolve("link"), dir.resolve("real"));
        paths = new HintedPathResolver(dir.resolve("link/source"));
    }

    @ParameterizedTest
    @CsvSource({"a/b, a/b", "a//b/, a/b", "./a/./b, a/b", "., ''", "..., ...", "a b, a b", "-dash, -dash"})
    void a_relative_one_is_below_the_source(String named, String path) {
        assertThat(paths.of(named)).isEqualTo(path);
    }

    @Test
    void an_absolute_one_may_pass_the_link_that_the_source_passes_or_not() {
        assertThat(paths.of(dir + "/link/source/a/b")).isEqualTo("a/b");
        assertThat(paths.of(dir + "/real/source/gone/b")).isEqualTo("gone/b");
        assertThat(paths.of(dir + "/real/source/")).isEmpty();
        assertThat(new HintedPathResolver(source).of(dir + "/link/source/gone/b")).isEqualTo("gone/b");
    }

    @Test
    void bytes_stay_bytes() {
        assertThat(paths.of(dir + "/real/source/\u00ff\n\\")).isEqualTo("\u00ff\n\\");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "a/../../b", "..", "a/.."})
    void one_that_may_lead_elsewhere_is_refused(String named) {
        assertThatThrownBy(() -> paths.of(named)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("..");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/etc/passwd", "/real/source-not"})
    void one_that_is_elsewhere_is_refused(String named) {
        assertThatThrownBy(() -> paths.of(named)).hasMessageContaining("not below the source");
        assertThatThrownBy(() -> paths.of(dir + "/real/sourc")).hasMessageContaining("not below the source");
    }

    @Test
    void what_is_no_path_is_refused() {
        assertThatThrownBy(() -> paths.of("")).hasMessageContaining("no path");
        assertThatThrownBy(() -> paths.of("a\0b")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> paths.of("a/".repeat(3000))).hasMessageContaining("longer than any path");
    }
}
