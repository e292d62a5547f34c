package dev.dromedary.sersync;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.dromedary.log.LogEscaping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class ConfxmlReaderTest {

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {
        "<!DOCTYPE head><head/>",
        "<!DOCTYPE head SYSTEM 'http://127.0.0.1:1/x.dtd'><head/>",
        "<!DOCTYPE head [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><head version='1'>&x;</head>",
        "<!DOCTYPE head [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]><head/>",
        "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>"
            + "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;'>]><head version='&e;'>&e;</head>"})
    void a_document_type_is_refused_whatever_it_brings(String text) {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () ->
                assertThatExceptionOfType(UnusableConfxmlException.class).isThrownBy(() -> read(text, StandardCharsets.UTF_8))
                        .withMessageContaining("document type").withMessageContaining("take it out"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "<head>", "<head></heads>", "<head a='1' a='2'/>", "<head>&x;</head>", "<head a='&x;'/>",
        "<head a=1/>", "<head/><head/>", "<?xml version='1.0' encoding='no-such'?><head/>", "<head>\0</head>"})
    void what_is_not_xml_is_refused_in_one_line(String text) {
        assertThatExceptionOfType(UnusableConfxmlException.class).isThrownBy(() -> read(text, StandardCharsets.UTF_8))
                .satisfies(e -> assertThat(LogEscaping.of(e.getMessage())).contains("; ").doesNotContain("ParseError"));
    }

    @Test
    void a_file_that_is_too_large_a_folder_or_not_there_is_refused() throws Exception {
        assertThatExceptionOfType(UnusableConfxmlException.class).isThrownBy(() -> ConfxmlReader.read(dir)).withMessageContaining("a folder");
        assertThatExceptionOfType(UnusableConfxmlException.class).isThrownBy(() -> ConfxmlReader.read(dir.resolve("nowhere")))
                .withMessageContaining("no such file");
        assertThatExceptionOfType(UnusableConfxmlException.class)
                .isThrownBy(() -> read("<head>" + " ".repeat(1 << 20) + "</head>", StandardCharsets.UTF_8))
                .withMessageContaining("larger than 1 MiB");
    }

    @Test
    void how_deep_the_elements_lie_does_not_matter() throws Exception {
        assertThat(read("<a>".repeat(100_000) + "</a>".repeat(100_000), StandardCharsets.UTF_8).root().name()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "UTF-8", "UTF-16"})
    void the_encoding_is_the_one_that_the_file_declares(String encoding) throws Exception {
        ConfxmlReader file = read("<?xml version='1.0' encoding='" + encoding + "'?><head version='é'/>", Charset.forName(encoding));

        assertThat(file.root().get("version")).isEqualTo("é");
        assertThat(file.declaresAnotherEncoding()).isEqualTo(!encoding.equals("UTF-8"));
    }

    @Test
    void an_element_knows_its_line_and_its_first_child_of_a_name() throws Exception {
        ConfxmlElement head = read("<head>\n<a x=' 1 '/>\n<a x='2'/></head>", StandardCharsets.UTF_8).root();

        assertThat(head.first("a").line()).isEqualTo(2);
        assertThat(head.first("a").get("x")).isEqualTo("1");
        assertThat(head.first("b").isThere()).isFalse();
    }

    private ConfxmlReader read(String text, Charset charset) throws IOException, UnusableConfxmlException {
        return ConfxmlReader.read(Files.write(dir.resolve("confxml.xml"), text.getBytes(charset)));
    }
}
