package dev.dromedary.change;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RawPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"plain", "sp ace", "new\nline", "tab\t", "\u0001\u007f", "back\\slash", "\\#012", "%00", "{{x}}",
        "\u00ff\u00fe", "caf\u00e9", "\u00c3\u00a9", "\u00e2\u0080\u00ae", "\u00c2\u0085", "\u00ed\u00a0\u0080", "a/b"})
    void an_escaped_name_comes_back_as_it_was(String raw) {
        String text = RawPath.escape(raw);

        assertThat(RawPath.unescape(text)).isEqualTo(raw);
        assertThat(text.chars().noneMatch(Character::isISOControl)).isTrue();
    }

    @Test
    void readable_names_are_shown_as_they_are() {
        String raw = new String("Straße 日本 🐪".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        assertThat(RawPath.escape(raw)).isEqualTo("Straße 日本 🐪");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "\\n", "\\#", "\\#01", "\\#089", "\\012"})
    void a_broken_escape_is_refused(String text) {
        assertThatThrownBy(() -> RawPath.unescape(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "sp ace", "%41", "q?#", "\u00ff\u00fe", "caf\u00e9", "\u00c3\u00a9", "new\nline"})
    void any_name_is_found_by_its_bytes(String raw, @TempDir Path folder) throws Exception {
        Path path = Files.createFile(RawPath.toPath(folder, raw));

        assertThat(RawPath.of(path)).isEqualTo(RawPath.of(folder) + "/" + raw);
        try (var names = Files.list(folder)) {
            assertThat(names.map(RawPath::of)).containsExactly(RawPath.of(folder) + "/" + raw);
        }
    }
}
