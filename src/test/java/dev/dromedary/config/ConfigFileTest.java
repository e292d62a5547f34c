package dev.dromedary.config;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConfigFileTest {

    private static final String MARK = "\uFEFF";

    @TempDir
    private Path folder;

    @Test
    void a_byte_order_mark_is_no_part_of_the_first_key() throws IOException {
        assertThat(read(MARK + "first = 1 \nsecond = münchen\n")).containsExactly("first=1", "second=münchen");
    }

    @Test
    void line_ends_may_be_those_of_windows() throws IOException {
        assertThat(read(MARK + "first = 1\r\n# a word\r\nsecond = a,\\\r\n  b\r\n")).containsExactly("first=1", "second=a,b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void another_encoding_is_refused_by_its_mark(String encoding) {
        assertThatThrownBy(() -> ConfigFile.read(file(MARK + "first = 1\n", Charset.forName(encoding))))
                .isInstanceOf(IOException.class).hasMessage("it is UTF-16; save it as UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void what_is_not_utf_8_is_refused_with_its_line(String end) {
        assertThatThrownBy(() -> ConfigFile.read(file("first = 1" + end + end + "second = münchen" + end, StandardCharsets.ISO_8859_1)))
                .isInstanceOf(IOException.class).hasMessage("line 3 is not UTF-8; save it as UTF-8");
    }

    @Test
    void what_is_cut_off_within_a_character_is_refused_with_its_line() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[] {'a', '\n', (byte) 0xC3});

        assertThatThrownBy(() -> ConfigFile.read(file)).hasMessage("line 2 is not UTF-8; save it as UTF-8");
    }

    @Test
    void half_a_number_of_a_character_is_refused_in_words() {
        assertThatThrownBy(() -> ConfigFile.read(file("first = C:\\users\n", StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class).hasMessageContaining("two backslashes");
    }

    @Test
    void none_has_nothing() throws IOException {
        assertThat(ConfigFile.read(null)).isEmpty();
    }

    private List<String> read(String text) throws IOException {
        Properties properties = ConfigFile.read(file(text, StandardCharsets.UTF_8));
        return properties.stringPropertyNames().stream().map(key -> key + '=' + properties.getProperty(key)).toList();
    }

    private Path file(String text, Charset encoding) throws IOException {
        return Files.write(folder.resolve("application.properties"), text.getBytes(encoding));
    }
}
