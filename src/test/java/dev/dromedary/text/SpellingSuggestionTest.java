package dev.dromedary.text;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SpellingSuggestionTest {

    @ParameterizedTest
    @CsvSource({"'','',0", "'',abc,3", "abc,'',3", "window,window,0", "widnow,window,2", "wndow,window,1", "kitten,sitting,3"})
    void the_distance_is_the_number_of_changed_letters(String a, String b, int distance) {
        assertThat(SpellingSuggestion.distance(a, b)).isEqualTo(distance);
    }

    @Test
    void the_first_of_equally_near_words_is_taken() {
        assertThat(SpellingSuggestion.to("ac", List.of("xyz", "ab", "ad"))).isEqualTo("ab");
    }
}
