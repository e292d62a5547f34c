package dev.dromedary.rsync;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReleasePlaceholdersTest {

    private static final List<String> ARGUMENTS = List.of("--archive", "--link-dest=../.~basis~", "./", "h:/t/releases/.~number~/");

    @Test
    void each_basis_is_an_argument() {
        assertThat(new ReleasePlaceholders(5, List.of(4, 2)).in(ARGUMENTS))
                .containsExactly("--archive", "--link-dest=../4", "--link-dest=../2", "./", "h:/t/releases/5/");
    }

    @Test
    void without_one_there_is_none() {
        assertThat(new ReleasePlaceholders(1, List.of()).in(ARGUMENTS)).containsExactly("--archive", "./", "h:/t/releases/1/");
    }
}
