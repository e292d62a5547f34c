package dev.dromedary.config;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DurationParserTest {

    @Test
    void units_add_up_and_a_number_is_milliseconds() {
        assertThat(DurationParser.of("1h30m")).contains(Duration.ofMinutes(90));
        assertThat(DurationParser.of("30s")).contains(Duration.ofSeconds(30));
        assertThat(DurationParser.of("250")).contains(Duration.ofMillis(250));
        assertThat(DurationParser.of("0")).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "5 m", "1x", "1m2h", "s", "99999999999999999"})
    void what_is_none_is_none(String text) {
        assertThat(DurationParser.of(text)).isEmpty();
    }
}
