package dev.dromedary.cli;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WordsTest {

    @Test
    void a_span_is_told_as_people_tell_it() {
        assertThat(Words.span(0.0071)).isEqualTo("7 ms");
        assertThat(Words.span(4.25)).isEqualTo("4.3 s");
        assertThat(Words.span(59.6)).isEqualTo("60 s");
        assertThat(Words.span(600)).isEqualTo("10 min");
        assertThat(Words.span(7_260)).isEqualTo("2 h 1 min");
        assertThat(Words.span(900_000)).isEqualTo("10 days");
        assertThat(Words.ago(null, Instant.now())).isEqualTo("-");
    }

    @Test
    void so_is_a_size() {
        assertThat(Words.size(0)).isEqualTo("0 B");
        assertThat(Words.size(1_536)).isEqualTo("1.5 KiB");
        assertThat(Words.size(300_000_000)).isEqualTo("286 MiB");
        assertThat(Words.size(5e15)).isEqualTo("4.4 PiB");
        assertThat(Words.plural(1, "file")).isEqualTo("1 file");
        assertThat(Words.plural(2, "file")).isEqualTo("2 files");
    }
}
