package dev.dromedary.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChangeLimitTest {

    @ParameterizedTest
    @CsvSource({"0, 1000, 0", "12, 5, 12", "5%, 1000, 50", "5%, 10, 1", "0.5 %, 1000, 5", "99.9%, 1000, 999", "5%, 0, 1"})
    void it_is_a_number_or_a_share_of_at_least_one(String written, long total, long most) {
        assertThat(ChangeLimit.of(written).of(total)).isEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%", "0%", "100%", "-1", "-1%", "1e3", "5 percent", "1234567890", "5%5"})
    void all_else_is_none(String written) {
        assertThat(ChangeLimit.of(written)).isNull();
    }

    @Test
    void it_is_shown_as_one_would_write_it() {
        assertThat(ChangeLimit.of("5 %")).hasToString("5%");
        assertThat(ChangeLimit.of("0.5%")).hasToString("0.5%");
        assertThat(ChangeLimit.of("12")).hasToString("12");
    }
}
