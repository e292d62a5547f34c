package dev.dromedary.text;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HumanReadableTest {

    @Test
    void a_span_is_told_as_people_tell_it() {
        assertThat(HumanReadable.span(0.0071)).isEqualTo("7 ms");
        assertThat(HumanReadable.span(4.25)).isEqualTo("4.3 s");
        assertThat(HumanReadable.span(59.6)).isEqualTo("60 s");
        assertThat(HumanReadable.span(600)).isEqualTo("10 min");
        assertThat(HumanReadable.span(7_260)).isEqualTo("2 h 1 min");
        assertThat(HumanReadable.span(900_000)).isEqualTo("10 days");
        assertThat(HumanReadable.ago(null, Instant.now())).isEqualTo("-");
    }

    @Test
    void so_is_a_size() {
        assertThat(HumanReadable.size(0)).isEqualTo("0 B");
        assertThat(HumanReadable.size(1_536)).isEqualTo("1.5 KiB");
        assertThat(HumanReadable.size(300_000_000)).isEqualTo("286 MiB");
        assertThat(HumanReadable.size(5e15)).isEqualTo("4.4 PiB");
        assertThat(HumanReadable.plural(1, "file")).isEqualTo("1 file");
        assertThat(HumanReadable.plural(2, "file")).isEqualTo("2 files");
    }
}
